"""Weights: post-stratification to population counts, and what it costs."""

from topline.weights.adjust import Diagnostics, diagnose, post_stratify, weighted_designs

__all__ = ["Diagnostics", "diagnose", "post_stratify", "weighted_designs"]
