"""Estimates: means and shares of groups from cell sums, their errors, intervals and differences."""

from topline.estimates.contrasts import Difference, difference, linearised, standard_error
from topline.estimates.intervals import holm, mean_interval, p_value, share_interval
from topline.estimates.means import Estimates, means
from topline.estimates.moments import Cells, Moments, cell_sums, joined, of_cells, of_numbers

__all__ = [
    "Cells",
    "Difference",
    "Estimates",
    "Moments",
    "cell_sums",
    "difference",
    "holm",
    "joined",
    "linearised",
    "mean_interval",
    "means",
    "of_cells",
    "of_numbers",
    "p_value",
    "share_interval",
    "standard_error",
]
