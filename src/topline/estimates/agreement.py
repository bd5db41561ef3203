"""How far people who code the same things agree: Cohen's kappa and Krippendorff's alpha."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from topline.base import fail
from topline.designs import Design
from topline.estimates.linear import mean_vector

Floats = NDArray[np.float64]
Weights = Literal["none", "linear", "quadratic"]
Level = Literal["nominal", "ordinal", "interval", "masi", "jaccard"]
_WEIGHTS: Final = ("none", "linear", "quadratic")
_LEVELS: Final = ("nominal", "ordinal", "interval", "masi", "jaccard")


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa over `n` things: `value` with its standard error, the agreement observed and expected.

    `value` is None where chance alone would agree always: then kappa is not defined.
    """

    value: float | None
    se: float | None
    observed: float
    expected: float
    n: int


def cohen_kappa(first: Sequence[int], second: Sequence[int], k: int, weights: Weights = "none") -> Kappa:
    """Agreement of two coders beyond chance, of codes 0 to k-1; things that either left out are passed over.

    `first` and `second` are (n,), with a negative number for no code. kappa = (p_o - p_e) / (1 - p_e), p_e
    from each coder's own shares (J. Cohen 1960, A coefficient of agreement for nominal scales, Educational
    and Psychological Measurement 20(1), 37-46). With weights 1 - |i-j|/(k-1) (`linear`) or 1 -
    (i-j)^2/(k-1)^2 (`quadratic`) for ordered codes (J. Cohen 1968, Weighted kappa, Psychological Bulletin
    70(4), 213-220). The standard error is that of large samples, not under the hypothesis of no agreement (J.
    L. Fleiss, J. Cohen, B. S. Everitt 1969, Psychological Bulletin 72(5), 323-327; J. L. Fleiss, B. Levin, M.
    C. Paik 2003, Statistical Methods for Rates and Proportions, 3rd ed., formulas 18.13 and 18.32).
    """
    if weights not in _WEIGHTS:
        fail("agreement-weights", given=weights, allowed=", ".join(_WEIGHTS))
    a, b = _codes(first, second, k)
    both = (a >= 0) & (b >= 0)
    n = int(both.sum())
    if not n:
        return Kappa(None, None, 0.0, 0.0, 0)
    shares = np.bincount(a[both] * k + b[both], minlength=k * k).reshape(k, k) / n
    rows, columns, agree = shares.sum(axis=1), shares.sum(axis=0), _agreement(k, weights)
    observed, expected = float((shares * agree).sum()), float(rows @ agree @ columns)
    if 1.0 - expected < 1e-12:
        return Kappa(None, None, observed, expected, n)
    kappa = (observed - expected) / (1.0 - expected)
    # the mean weight of each row against the other coder's shares, and the reverse
    level = (agree @ columns)[:, None] + (rows @ agree)[None, :]
    values = agree - level * (1.0 - kappa)
    # their mean is kappa - expected (1 - kappa); taken from each before squaring, or an error of 0 is lost
    # in the rounding of two large squares
    spread = float((shares * (values - float((shares * values).sum())) ** 2).sum())
    return Kappa(kappa, sqrt(spread / n) / (1.0 - expected), observed, expected, n)


def design_kappa(
    design: Design, first: Sequence[int], second: Sequence[int], k: int, weights: Weights = "none"
) -> Kappa:
    """Kappa of two codings of the same people in a sample: from weighted shares, with design-based errors.

    The error is that of the mean of each person's linearised value, the derivative of kappa by the share of
    their cell, which is the delta method of R's svykappa (Lumley 2010, Complex Surveys). `first` and `second`
    are (n,) as in `cohen_kappa`; `n` counts people whom both coded. The error is None where the design states
    none.
    """
    a, b = _codes(first, second, k)
    both = (a >= 0) & (b >= 0)
    if not design.weights[both].any():
        return Kappa(None, None, 0.0, 0.0, 0)
    cells = np.full((len(a), k * k), np.nan)
    cells[both] = np.eye(k * k)[a[both] * k + b[both]]
    shares, agree = mean_vector(design, cells).value.reshape(k, k), _agreement(k, weights)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = float((shares * agree).sum()), float(rows @ agree @ columns)
    n = int(both.sum())
    if 1.0 - expected < 1e-12:
        return Kappa(None, None, observed, expected, n)
    level = (agree @ columns)[:, None] + (rows @ agree)[None, :]
    slope = (agree / (1.0 - expected) - level * (1.0 - observed) / (1.0 - expected) ** 2).ravel()
    error = float(mean_vector(design, (cells @ slope)[:, None]).se[0])
    se = error if np.isfinite(error) else None
    return Kappa((observed - expected) / (1.0 - expected), se, observed, expected, n)


def _codes(
    first: Sequence[int], second: Sequence[int], k: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Both coders' codes (n,). A code of k or more would be counted as another pair of codes."""
    a, b = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    if len(a) != len(b):
        fail("agreement-length", first=len(a), second=len(b))
    most = max(int(a.max(initial=-1)), int(b.max(initial=-1)))
    if most >= k:
        fail("agreement-codes", given=most, most=k - 1, k=k)
    return a, b


def _agreement(k: int, weights: Weights) -> Floats:
    apart = np.abs(np.subtract.outer(np.arange(k), np.arange(k))) / max(k - 1, 1)
    if weights == "none":
        return np.eye(k)
    return np.asarray(1.0 - (apart if weights == "linear" else apart**2))


def krippendorff_alpha(coded: Sequence[Sequence[Hashable | None]], level: Level = "nominal") -> float | None:
    """Agreement of any number of coders, any of whom may have left things out.

    `coded` has one sequence a coder, all of one length; None is no code. alpha = 1 - D_o / D_e, observed over
    expected disagreement, from the matrix of coincidences; things with fewer than two codes are passed over
    (K. Krippendorff 2011, Computing Krippendorff's alpha-reliability; 2004, Content Analysis, 2nd ed., ch.
    11). `level` is the distance: `nominal` 0 or 1; `ordinal` by ranks and `interval` by squares, of numbers;
    of sets of codes `jaccard`, 1 - |A and B| / |A or B|, and `masi`, the same with |A and B| / |A or B|
    multiplied by 1 for equal sets, 2/3 if one holds the other, 1/3 if they overlap (R. Passonneau 2006,
    Measuring agreement on set-valued items (MASI), LREC, 831-836). None where all codes are one and the same,
    or nothing was coded twice: then alpha is not defined.
    """
    if level not in _LEVELS:
        fail("agreement-level", given=level, allowed=", ".join(_LEVELS))
    units = [[code for code in unit if code is not None] for unit in zip(*coded, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    values = list(dict.fromkeys(code for unit in units for code in unit))
    if level in ("ordinal", "interval"):
        values.sort(key=lambda code: float(str(code)))
    place = {code: number for number, code in enumerate(values)}
    together = np.zeros((len(values), len(values)))
    for unit in units:
        counts = np.bincount([place[code] for code in unit], minlength=len(values)).astype(np.float64)
        together += (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    counts = together.sum(axis=1)
    distance = _distances(values, counts, level)
    expected = float(counts @ distance @ counts)
    if expected <= 0.0:
        return None
    return 1.0 - (float(counts.sum()) - 1.0) * float((together * distance).sum()) / expected


def _distances(values: Sequence[Hashable], counts: Floats, level: Level) -> Floats:
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    if level == "interval":
        numbers = np.array([float(str(code)) for code in values])
        return np.asarray(np.subtract.outer(numbers, numbers) ** 2)
    if level == "ordinal":
        ranks = np.cumsum(counts) - counts / 2.0
        return np.asarray(np.subtract.outer(ranks, ranks) ** 2)
    return np.array([[set_distance(_as_set(a), _as_set(b), level) for b in values] for a in values]).reshape(
        len(values), len(values)
    )


def set_distance(a: frozenset[Hashable], b: frozenset[Hashable], level: Level = "masi") -> float:
    """How far two sets of codes are from each other, 0 for equal ones to 1 (see `krippendorff_alpha`)."""
    if a == b:
        return 0.0
    alike = len(a & b) / len(a | b)
    if level == "jaccard":
        return 1.0 - alike
    return 1.0 - alike * (2 / 3 if a <= b or b <= a else 1 / 3 if a & b else 0.0)


def _as_set(code: Hashable) -> frozenset[Hashable]:
    return code if isinstance(code, frozenset) else frozenset({code})
