"""Probability samples: how many from where, who is drawn, with what probability, and how many are needed."""

from topline.sampling.allocation import ALLOCATIONS, Allocation, allocate
from topline.sampling.clusters import units_and_people
from topline.sampling.draw import METHODS, Method, Plan, Sample, Stratum, draw
from topline.sampling.selection import generator, simple, stratified, systematic
from topline.sampling.size import difference_power, size_for_difference, size_for_margin
from topline.sampling.unequal import brewer, inclusion_probabilities, systematic_unequal

__all__ = [
    "ALLOCATIONS",
    "METHODS",
    "Allocation",
    "Method",
    "Plan",
    "Sample",
    "Stratum",
    "allocate",
    "brewer",
    "difference_power",
    "draw",
    "generator",
    "inclusion_probabilities",
    "simple",
    "size_for_difference",
    "size_for_margin",
    "stratified",
    "systematic",
    "systematic_unequal",
    "units_and_people",
]
