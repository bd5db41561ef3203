"""Distances of calibration: how far a weight may be from what it was, and what that costs.

A distance gives the factor g = F(u) of a person with u = x'b; F(0) = F'(0) = 1 (Deville and Särndal 1992,
JASA 87, 376-382, table 1). Linear may give negative weights; raking gives positive ones; logit keeps them
between bounds; linear and raking can be cut at bounds (case 7 there, R's `bounds`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from topline.base import fail
from topline.dataset import Floats

Name = Literal["linear", "raking", "logit"]


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance with the least and the most that a weight may be multiplied by; None: no bound."""

    name: Name = "linear"
    bounds: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        """Refuse bounds that do not hold 1, and a logit distance without bounds."""
        if self.bounds is None:
            if self.name == "logit":
                fail("bounds_needed")
        elif not 0 <= self.bounds[0] < 1 < self.bounds[1]:
            fail("bounds_wrong", low=self.bounds[0], high=self.bounds[1])

    def factors(self, u: Floats) -> tuple[Floats, Floats]:
        """F(u) and its derivative, each of the shape of u."""
        if self.name == "logit":
            return self._logit(u)
        if self.name == "linear":
            g, slope = 1.0 + u, np.ones_like(u)
        else:
            g = np.exp(np.minimum(u, 700.0))
            slope = g
        if self.bounds is None:
            return g, slope
        low, high = self.bounds
        return np.clip(g, low, high), np.where((g > low) & (g < high), slope, 0.0)

    def _logit(self, u: Floats) -> tuple[Floats, Floats]:
        assert self.bounds is not None
        low, high = self.bounds
        steep = (high - low) / ((1 - low) * (high - 1))
        e = np.exp(np.clip(steep * u, -700.0, 700.0))
        below = high - 1 + (1 - low) * e
        g = (low * (high - 1) + high * (1 - low) * e) / below
        return g, steep * (high - low) * (1 - low) * (high - 1) * e / below**2
