"""The study: questionnaire, routes, attributes, plans; load it, check it, compile it."""

from topline.study.check import check_study
from topline.study.load import Loaded, load, read_study
from topline.study.model import Study

__all__ = ["Loaded", "Study", "check_study", "load", "read_study"]
