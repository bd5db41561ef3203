"""Static checks of conditions: do the names exist, do the comparisons fit, is everything asked in time."""

from topline.study.conditions.names import name_findings
from topline.study.conditions.places import condition_findings

__all__ = ["condition_findings", "name_findings"]
