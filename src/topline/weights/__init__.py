"""Weights: from sampling, non-response, post-stratification, raking, calibration; and what they cost."""

from topline.weights.adjust import adjust_response, calibrate, post_stratify, rake
from topline.weights.diagnostics import Diagnostics, diagnose
from topline.weights.distances import Distance
from topline.weights.margins import Margin, Total, crossed
from topline.weights.plan import Step, weighted_designs, weightings
from topline.weights.result import MarginReport, Weighted
from topline.weights.trim import cap, trim, trim_weights

__all__ = [
    "Diagnostics",
    "Distance",
    "Margin",
    "MarginReport",
    "Step",
    "Total",
    "Weighted",
    "adjust_response",
    "calibrate",
    "cap",
    "crossed",
    "diagnose",
    "post_stratify",
    "rake",
    "trim",
    "trim_weights",
    "weighted_designs",
    "weightings",
]
