"""Who can be asked what: value classes, two rails of clauses, a small solver, and the findings from them."""

from topline.study.reach.findings import reach_findings
from topline.study.reach.people import Reach, Reached
from topline.study.reach.solver import Solved, solve

__all__ = ["Reach", "Reached", "Solved", "reach_findings", "solve"]
