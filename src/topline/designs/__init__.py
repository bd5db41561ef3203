"""Sampling designs as data: weights, strata and population counts."""

from topline.designs.counts import read_counts
from topline.designs.design import Design, design_of, invited_of, stratified

__all__ = ["Design", "design_of", "invited_of", "read_counts", "stratified"]
