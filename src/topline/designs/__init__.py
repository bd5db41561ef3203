"""Sampling designs as data: weights, strata and population counts."""

from topline.designs.calibrated import Calibration, Term
from topline.designs.counts import Counts, read_counts, read_crossed
from topline.designs.design import Design, design_of, invited_of, stratified

__all__ = [
    "Calibration",
    "Counts",
    "Design",
    "Term",
    "design_of",
    "invited_of",
    "read_counts",
    "read_crossed",
    "stratified",
]
