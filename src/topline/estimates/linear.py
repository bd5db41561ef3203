"""Totals, means, ratios and variances of numbers, with their covariances, by linearisation or replicates.

Each estimate is a function of the weights. Its linearised values are z = w dE/dw (Deville 1999, Survey
Methodology 25, 193-203), its covariance that of their totals; replicate weights evaluate the function anew.
A domain is a mask: people outside it have no value, and still count in their strata.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from topline.dataset import Floats
from topline.designs import Design
from topline.estimates.residual import covariance
from topline.estimates.student import quantiles
from topline.estimates.sums import active_df

Mask = NDArray[np.bool_]
Function = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Estimate:
    """P estimates: `value` (p,), `covariance` (p, p), NaN where the design gives none, `df`, and the base.

    `df` counts units (clusters or people) in the base less the strata that they are in; of replicate weights,
    their rank less one. R keeps the df of the whole design where values are missing.
    """

    value: Floats
    covariance: Floats
    df: int
    n: int

    def __repr__(self) -> str:
        """Each value with its standard error and 95% interval, to six figures."""
        low, high = self.interval()
        rows = [("value", "se", "95% from", "to")]
        rows += [
            tuple(f"{part:.6g}" for part in row)  # type: ignore[misc]
            for row in zip(self.value, self.se, low, high, strict=True)
        ]
        lines = ["  ".join(part.rjust(12) for part in row) for row in rows]
        return "\n".join([*lines, f"base {self.n:,}, df {self.df:,}"])

    def _repr_html_(self) -> str:
        """The same as a table for a notebook."""
        *rows, foot = self.__repr__().splitlines()
        head, *body = (row.split("  ") for row in rows)
        heads = "".join(f'<th scope="col">{part.strip()}</th>' for part in head if part.strip())
        cells = "".join(
            "<tr>" + "".join(f"<td>{part.strip()}</td>" for part in row if part.strip()) + "</tr>"
            for row in body
        )
        return (
            f"<table><caption>{foot}</caption><thead><tr>{heads}</tr></thead><tbody>{cells}</tbody></table>"
        )

    @property
    def se(self) -> Floats:
        """Standard errors (p,)."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    def interval(self, level: float = 0.95, by: Literal["t", "normal"] = "t") -> tuple[Floats, Floats]:
        """Value -+ quantile * se: of Student's t with `df`, or normal as R's svyby gives.

        NaN by t where there is no degree of freedom, as of one person.
        """
        if by == "t" and self.df < 1:
            return np.full(len(self.value), np.nan), np.full(len(self.value), np.nan)
        df = self.df if by == "t" else np.inf
        half = float(quantiles((1 + level) / 2, np.array(df))) * self.se
        return self.value - half, self.value + half

    def contrast(self, coefficients: Sequence[float] | Floats) -> Estimate:
        """Linear combinations, (p,) for one or (q, p) for several: R's svycontrast with covmat = TRUE."""
        matrix = np.atleast_2d(np.asarray(coefficients, dtype=np.float64))
        return Estimate(matrix @ self.value, matrix @ self.covariance @ matrix.T, self.df, self.n)


def totals(design: Design, values: Floats, domain: Mask | None = None) -> Estimate:
    """Totals of numbers (n, p), NaN where there is none: sum w y.

    `domain` (n,) is whom they are of. The covariance is that of the linearised values z = w y (Särndal,
    Swensson and Wretman 1992, Model Assisted Survey Sampling, section 2.8).
    """
    y, inside = _complete(values, domain)
    return _estimate(design, lambda w: w @ y, design.weights[:, None] * y, inside)


def mean_vector(design: Design, values: Floats, domain: Mask | None = None) -> Estimate:
    """Means of numbers (n, p) over the people who have all of them: sum w y / sum w.

    Linearised values are z = w (y - mean) / sum w (Särndal, Swensson and Wretman 1992, Model Assisted Survey
    Sampling, section 5.7); with replicate weights the mean is worked out anew under each.
    """
    y, inside = _complete(values, domain)
    ones = np.broadcast_to(inside[:, None], y.shape).astype(np.float64)
    return ratio(design, y, ones, inside)


def ratio(design: Design, top: Floats, bottom: Floats, domain: Mask | None = None) -> Estimate:
    """Ratios of totals sum w y / sum w x, y and x (n, p).

    Linearised values are z = w (y - ratio x) / sum w x (Särndal, Swensson and Wretman 1992, Model Assisted
    Survey Sampling, section 5.6).
    """
    width = top.shape[1]
    both, inside = _complete(np.concatenate([top, bottom], axis=1), domain)
    y, x = both[:, :width], both[:, width:]

    def value(w: Floats) -> Floats:
        return _over(w @ y, w @ x)

    z = design.weights[:, None] * (y - value(design.weights) * x) * _over(np.ones(width), design.weights @ x)
    return _estimate(design, value, z, inside)


def variance(design: Design, values: Floats, domain: Mask | None = None) -> Estimate:
    """The population variance of a number (n,): n/(n - 1) times the mean square about the mean.

    R's svyvar (Lumley 2010, Complex Surveys). Its error takes the mean as known, which linearisation gives
    exactly. NaN of fewer than two people.
    """
    y, inside = _complete(values[:, None], domain)
    inside &= design.weights > 0
    n = int(inside.sum())
    if n < 2:
        return Estimate(np.array([np.nan]), np.array([[np.nan]]), 0, n)
    mean = float(design.weights[inside] @ y[inside, 0]) / float(design.weights[inside].sum())
    square = np.where(inside, (y[:, 0] - mean) ** 2 * n / (n - 1), np.nan)
    return mean_vector(design, square[:, None], domain)


def mean_design_effect(
    design: Design, values: Floats, domain: Mask | None = None, replacement: bool = True
) -> float:
    """The variance of a mean over that of a simple random sample of the same size, drawn with replacement.

    Without replacement the population is the sum of weights, which must be above n: NaN otherwise (Kish 1965,
    section 8.2; R's svymean(deff = "replace") and (deff = TRUE)). NaN too where fewer than two people, or
    only equal numbers, leave no spread.
    """
    found = mean_vector(design, values[:, None], domain)
    spread = float(variance(design, values, domain).value[0])
    population = float(design.weights[np.isfinite(values) & (True if domain is None else domain)].sum())
    if not spread > 0.0:
        return float("nan")
    left = 1.0 if replacement else (population - found.n) / population
    return float(found.covariance[0, 0]) / (spread / found.n * left) if left > 0 else float("nan")


def _over(top: Floats, bottom: Floats) -> Floats:
    """The ratios top / bottom (p,), NaN where there is nothing below."""
    return np.asarray(np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom != 0.0))


def _complete(values: Floats, domain: Mask | None) -> tuple[Floats, Mask]:
    """Values with 0 for people outside (n, p), and who is inside (n,)."""
    inside = np.asarray(np.isfinite(values).all(axis=1))
    if domain is not None:
        inside = inside & domain
    return np.where(inside[:, None], values, 0.0), inside


def _estimate(design: Design, value: Function, z: Floats, inside: Mask) -> Estimate:
    full = value(design.weights)
    counted = inside & (design.weights > 0)
    df = int(active_df(design, counted, np.zeros(len(inside), dtype=np.intp), 1)[0])
    if design.replicates is not None and design.intervals:
        drawn = np.array([value(w) for w in design.replicates.weights.T])
        return Estimate(full, design.replicates.covariance(drawn, full), df, int(counted.sum()))
    return Estimate(full, covariance(design, z), df, int(counted.sum()))
