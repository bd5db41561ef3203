"""Replicate weights that come with the data: the sample drawn anew many times, by one of five rules.

The variance of an estimate is scale * sum over replicates of rscales * (estimate_r - centre)^2, the centre
being the mean of the replicates (over those with rscales above 0), or with `mse` the full estimate (Wolter
2007, Introduction to Variance Estimation, 2nd ed., chapters 3 to 5; R's survey: svrVar). Degrees of freedom:
the rank of the weights less one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from topline.base import fail
from topline.dataset import Floats

Method = Literal["JK1", "JKn", "BRR", "Fay", "bootstrap"]
METHODS: tuple[Method, ...] = ("JK1", "JKn", "BRR", "Fay", "bootstrap")


@dataclass(frozen=True, eq=False)
class Replicates:
    """Replicate weights (n, R) with `scale` and `rscales` (R,)."""

    weights: Floats
    scale: float
    rscales: Floats
    mse: bool = False
    method: Method = "bootstrap"

    def __post_init__(self) -> None:
        """Refuse weights that are none, and scales of another length."""
        sound = np.isfinite(self.weights).all(axis=0)
        if not sound.all():
            fail("replicates_invalid", number=int(np.argmin(sound)) + 1)
        if len(self.rscales) != self.weights.shape[1]:
            fail("replicates_scales", n=self.weights.shape[1], given=len(self.rscales))

    @cached_property
    def df(self) -> int:
        """The rank of the replicate weights less one."""
        gram = self.weights.T @ self.weights
        return int(np.linalg.matrix_rank(gram, hermitian=True, tol=_tolerance(gram))) - 1

    def variance(self, estimates: Floats, full: Floats) -> Floats:
        """The variance (...) of estimates (R, ...) about their centre."""
        apart = estimates - self.centre(estimates, full)
        found: Floats = self.scale * np.tensordot(self.rscales, apart**2, 1)
        return found

    def covariance(self, estimates: Floats, full: Floats) -> Floats:
        """The covariance matrix (p, p) of p estimates (R, p)."""
        apart = estimates - self.centre(estimates, full)
        found: Floats = self.scale * (apart.T @ (self.rscales[:, None] * apart))
        return found

    def centre(self, estimates: Floats, full: Floats) -> Floats:
        """What replicates are compared with."""
        if self.mse:
            return full
        found: Floats = estimates[self.rscales > 0].mean(axis=0)
        return found


def replicated(
    weights: Floats, full: Floats, method: Method, rho: float = 0.0, mse: bool = False
) -> Replicates:
    """Replicates by a method whose scales follow from it: JK1 (R - 1)/R, BRR 1/R, Fay 1/(R (1 - rho)^2),
    bootstrap 1/(R - 1). JKn needs its rscales: make `Replicates` with scale 1 and (n_h - 1)/n_h of each.
    """
    count = weights.shape[1]
    if method == "JKn":
        fail("replicates_jkn")
    if not 0.0 <= rho < 1.0:
        fail("replicates_rho", rho=rho)
    scale = {
        "JK1": (count - 1) / count,
        "BRR": 1 / count,
        "Fay": 1 / (count * (1 - rho) ** 2),
        "bootstrap": 1 / max(count - 1, 1),
    }[method]
    if len(full) != len(weights):
        fail("replicates_rows", n=len(weights), given=len(full))
    return Replicates(weights, scale, np.ones(count), mse, method)


def _tolerance(gram: Floats) -> float:
    """R's qr() counts directions of over 1e-7 of the largest; of the products, its square."""
    return float(np.abs(np.diag(gram)).max()) * 1e-12
