"""Weights that bring the answers to known totals of the population: arrays in, a result out.

Post-stratification (Lohr 2022, Sampling: Design and Analysis, 3rd ed., section 4.4), raking (Deming and
Stephan 1940) and calibration (Deville and Särndal 1992, JASA 87, 376-382). Iterations go over the cells of
the margins, not over people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from topline.base import fail
from topline.dataset import Floats
from topline.designs.calibrated import Calibration, Term
from topline.weights.cells import Cells, collapse
from topline.weights.distances import Distance
from topline.weights.margins import Margin, Total, check_base, check_margins
from topline.weights.newton import Solution, solve_calibration
from topline.weights.rake import ROUNDS, TOLERANCE, rake_cells
from topline.weights.result import Weighted, warnings_of

#: A total further off than this, relative, is not met.
MET = 1e-10

Errors = Literal["rake", "calibrate"]


def post_stratify(base: Floats, margin: Margin) -> Weighted:
    """Weight the groups of one margin to their counts: base times count / sum of base.

    Lohr 2022, Sampling: Design and Analysis, 3rd ed., section 4.4; errors are those of residuals within the
    groups, as R's postStratify. Raises ToplineError as `rake` does.
    """
    check_base(base)
    check_margins((margin,), base)
    sums = margin.sums(base)
    weights = base * np.divide(margin.counts, sums, out=np.zeros(len(sums)), where=sums > 0)[margin.codes]
    calibration = Calibration((_term(margin),), base, weights)
    return Weighted(
        weights,
        base,
        "post-stratification",
        (margin,),
        rounds=1,
        cells=int(np.count_nonzero(sums)),
        calibration=calibration,
        findings=warnings_of(weights),
    )


def rake(
    base: Floats,
    margins: Sequence[Margin],
    *,
    tolerance: float = TOLERANCE,
    rounds: int = ROUNDS,
    errors: Errors = "rake",
) -> Weighted:
    """Weight to several margins at once by iterative proportional fitting; weights stay above 0.

    Each step multiplies the weights of a group by count / sum of weights, margin after margin, until all hold
    to `tolerance` of each count (Deming and Stephan 1940, Annals of Mathematical Statistics 11, 427-444; R's
    rake). Iterations go over cells of the margins, not over people. `errors` says whose residuals errors are
    of: the regression of R's `rake`, in which everybody counts alike, or that of its `calibrate`, by the
    weights before; they differ where these do (docs/decisions/0011-residuals-after-raking.md). Raises
    ToplineError for base weights or margins that cannot be used (`check_base`, `check_margins`), and where
    the margins still do not hold after `rounds`, with the group that moved last.
    """
    check_base(base)
    check_margins(margins, base)
    cells = collapse(margins, base)
    factors, done = rake_cells(cells, margins, tolerance, rounds)
    weights = base * factors[cells.index]
    regression = base if errors == "calibrate" else np.ones(len(base))
    calibration = Calibration(tuple(map(_term, margins)), regression, weights)
    return Weighted(
        weights,
        base,
        "raking",
        tuple(margins),
        done,
        len(cells),
        calibration,
        warnings_of(weights),
    )


def calibrate(base: Floats, margins: Sequence[Margin | Total], distance: Distance | None = None) -> Weighted:
    """Weight to margins and totals of numbers, changing the base weights as little as a distance allows.

    The weights are w = d F(x'b), with b such that all totals hold (Deville and Särndal 1992, JASA 87,
    376-382; R's calibrate). `distance` is linear without bounds unless given: its weights may be negative,
    which is a warning. Numbers alone do not fix the size of the population: give `Total("people", ones, N)`
    with them.

    Raises ToplineError as `rake` does, and where no weights within the bounds meet the totals.
    """
    distance = distance or Distance()
    check_base(base)
    groups = [margin for margin in margins if isinstance(margin, Margin)]
    check_margins(groups, base)
    _check_numbers(margins, base)
    if len(groups) == len(margins):
        _check_bounds(groups, base, distance)
        cells = collapse(groups, base)
    else:
        cells = Cells(np.arange(len(base)), base, ())
    terms = _cell_terms(margins, cells)
    totals = np.concatenate([m.counts if isinstance(m, Margin) else [m.total] for m in margins])
    solution = solve_calibration(terms, cells.base, totals, distance)
    _check_met(solution, margins, distance)
    weights = base * solution.factors[cells.index]
    return Weighted(
        weights,
        base,
        "calibration",
        tuple(margins),
        solution.steps,
        len(cells),
        Calibration(tuple(map(_term, margins)), base, weights),
        warnings_of(weights),
    )


def adjust_response(base: Floats, invited: Margin) -> Weighted:
    """Weight those who replied up to those invited, class by class: base times invited / sum of base.

    `invited` holds the class of each respondent, and for each class the number of people invited, or the sum
    of their sampling weights. Assumes that within a class chance alone decides who replies (Little 1986,
    International Statistical Review 54, 139-157), so it is no calibration: errors are those of the design.
    """
    return replace(post_stratify(base, invited), method="non-response", calibration=None)


def _term(margin: Margin | Total) -> Term:
    if isinstance(margin, Total):
        return Term(np.zeros(len(margin.values), dtype=np.intp), 1, margin.values)
    return Term(margin.codes, len(margin.counts))


def _cell_terms(margins: Sequence[Margin | Total], cells: Cells) -> list[Term]:
    if not cells.codes:
        return [_term(margin) for margin in margins]
    return [
        Term(codes, len(m.counts))
        for m, codes in zip(margins, cells.codes, strict=True)
        if isinstance(m, Margin)
    ]


def _check_numbers(margins: Sequence[Margin | Total], base: Floats) -> None:
    for margin in margins:
        if isinstance(margin, Total) and not np.isfinite(margin.values).all():
            fail("total_missing", n=int((~np.isfinite(margin.values)).sum()), name=margin.name)
        if isinstance(margin, Total) and not np.isfinite(margin.total):
            fail("total_count", name=margin.name, value=margin.total)


def _check_bounds(margins: Sequence[Margin], base: Floats, distance: Distance) -> None:
    """Refuse bounds that one group alone cannot keep: the mean factor of a group is count / sum of base."""
    if distance.bounds is None:
        return
    low, high = distance.bounds
    for margin in margins:
        sums = margin.sums(base)
        needed = np.divide(margin.counts, sums, out=np.ones(len(sums)), where=sums > 0)
        for at in np.flatnonzero((needed < low) | (needed > high)):
            group, factor = margin.labels[at], f"{needed[at]:.4g}"
            fail("bounds_infeasible", name=margin.name, group=group, needed=factor, low=low, high=high)


def _check_met(solution: Solution, margins: Sequence[Margin | Total], distance: Distance) -> None:
    at = int(np.argmax(solution.off))
    if solution.off[at] <= MET:
        return
    labels = [
        (margin.name, label)
        for margin in margins
        for label in (margin.labels if isinstance(margin, Margin) else ("the total",))
    ]
    name, group = labels[at]
    id = "calibrate_bounded" if distance.bounds is not None else "calibrate_unfinished"
    low, high = distance.bounds or (0.0, 0.0)
    fail(id, steps=solution.steps, name=name, group=group, off=f"{solution.off[at]:.2g}", low=low, high=high)
