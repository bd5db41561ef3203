"""Estimates: means and shares of groups from cell sums, their errors, intervals and differences."""

from topline.estimates.agreement import Kappa, cohen_kappa, design_kappa, krippendorff_alpha, set_distance
from topline.estimates.association import Association, association
from topline.estimates.cells import Cells, Groups, Item, bases_of
from topline.estimates.contrasts import Difference, difference, linearised, standard_error
from topline.estimates.intervals import (
    benjamini_hochberg,
    gap,
    gaps,
    holm,
    mean_interval,
    mean_intervals,
    p_value,
    p_values,
    share_interval,
    share_intervals,
)
from topline.estimates.linear import Estimate, mean_design_effect, mean_vector, ratio, totals, variance
from topline.estimates.means import Estimates, means, number_means, ratios
from topline.estimates.pairs import PairTables, pair_tables
from topline.estimates.proportions import effective_n, proportion_interval
from topline.estimates.quantiles import Quantile, quantile
from topline.estimates.residual import covariance
from topline.estimates.scan import scan
from topline.estimates.sums import (
    cell_sums,
    drawn_cells,
    drawn_numbers,
    joint_cells,
    joint_numbers,
    number_sums,
)

__all__ = [
    "Association",
    "Cells",
    "Difference",
    "Estimate",
    "Estimates",
    "Groups",
    "Item",
    "Kappa",
    "PairTables",
    "Quantile",
    "association",
    "bases_of",
    "benjamini_hochberg",
    "cell_sums",
    "cohen_kappa",
    "covariance",
    "design_kappa",
    "difference",
    "drawn_cells",
    "drawn_numbers",
    "effective_n",
    "gap",
    "gaps",
    "holm",
    "joint_cells",
    "joint_numbers",
    "krippendorff_alpha",
    "linearised",
    "mean_design_effect",
    "mean_interval",
    "mean_intervals",
    "mean_vector",
    "means",
    "number_means",
    "number_sums",
    "p_value",
    "p_values",
    "pair_tables",
    "proportion_interval",
    "quantile",
    "ratio",
    "ratios",
    "scan",
    "set_distance",
    "share_interval",
    "share_intervals",
    "standard_error",
    "totals",
    "variance",
]
