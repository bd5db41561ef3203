"""Estimates: means and shares of groups from cell sums, their errors, intervals and differences."""

from topline.estimates.cells import Cells, Groups, Item, bases_of
from topline.estimates.contrasts import Difference, difference, linearised, standard_error
from topline.estimates.intervals import (
    holm,
    mean_interval,
    mean_intervals,
    p_value,
    share_interval,
    share_intervals,
)
from topline.estimates.means import Estimates, means, number_means, ratios
from topline.estimates.residual import covariance
from topline.estimates.scan import scan
from topline.estimates.sums import cell_sums, joint_cells, number_sums

__all__ = [
    "Cells",
    "Difference",
    "Estimates",
    "Groups",
    "Item",
    "bases_of",
    "cell_sums",
    "covariance",
    "difference",
    "holm",
    "joint_cells",
    "linearised",
    "mean_interval",
    "mean_intervals",
    "means",
    "number_means",
    "number_sums",
    "p_value",
    "ratios",
    "scan",
    "share_interval",
    "share_intervals",
    "standard_error",
]
