"""Reports: a study's prose with every figure bound and checked, as one page of HTML."""

from topline.report.needs import Needs, needs
from topline.report.page import build
from topline.report.write import write

__all__ = ["Needs", "build", "needs", "write"]
