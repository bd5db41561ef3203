"""Sampling designs as data: weights, strata, clusters, stages, population counts, replicate weights."""

from topline.designs.calibrated import Calibration, Explained, Term
from topline.designs.counts import Counts, read_counts, read_crossed
from topline.designs.declared import design_of, invited_of
from topline.designs.design import Design, stratified
from topline.designs.levels import LONELY, Level, Lonely, Nested, Stage
from topline.designs.replicates import METHODS, Method, Replicates, replicated

__all__ = [
    "LONELY",
    "METHODS",
    "Calibration",
    "Counts",
    "Design",
    "Explained",
    "Level",
    "Lonely",
    "Method",
    "Nested",
    "Replicates",
    "Stage",
    "Term",
    "design_of",
    "invited_of",
    "read_counts",
    "read_crossed",
    "replicated",
    "stratified",
]
