"""The api samples as people to weight: base weights, groups, and the variance of each design from residuals.

Topline estimates no clusters yet, so the variance of the clustered designs is worked out here, from the
residuals that Topline gives.
"""

from functools import cache

import numpy as np
from tests.estimates.api import coded, columns, design, numbers

from topline.weights import Margin, Total

DESIGNS = ("srs", "strat", "clus1", "clus1_nofpc", "clus2")
STYPE = np.array([4421.0, 755.0, 1018.0])
WIDE = np.array([1072.0, 5122.0])


@cache
def base(name: str) -> np.ndarray:
    """The sampling weights; of the two-stage sample from its population counts."""
    if name != "clus2":
        return numbers(name, "pw")
    first, districts = _psu(name)
    return numbers(name, "fpc1") / districts * numbers(name, "fpc2") / np.bincount(first)[first]


def stype(name: str) -> Margin:
    """The type of school, with the counts of the population."""
    return Margin("stype", coded(name, "stype")[0], STYPE, ("E", "H", "M"))


def wide(name: str) -> Margin:
    """Whether the school met its target, with the counts of the population."""
    return Margin("sch.wide", coded(name, "sch.wide")[0], WIDE, ("No", "Yes"))


def api99(name: str) -> Total:
    """The score of 1999, with its total."""
    return Total("api99", numbers(name, "api99"), 3914069.0)


def error(name: str, z: np.ndarray) -> float:
    """The standard error of a total of residuals z (n,) under the design of that name."""
    if name == "srs" or name == "strat":
        factors, strata = design(name).factors, design(name).strata
        return float(np.sqrt(sum(f * _about_mean(z[strata == h]) for h, f in enumerate(factors))))
    psu, n = _psu(name)
    totals = np.bincount(psu, z)
    districts = {"clus1": 757.0, "clus2": 757.0, "clus1_nofpc": np.inf}[name]
    variance = (1 - n / districts) * n / (n - 1) * _about_mean(totals)
    if name == "clus2":
        variance += n / districts * sum(_second_stage(name, z, psu == unit) for unit in range(n))
    return float(np.sqrt(variance))


def _second_stage(name: str, z: np.ndarray, inside: np.ndarray) -> float:
    """Schools within a district: none where all were taken."""
    m, schools = int(inside.sum()), numbers(name, "fpc2")[inside][0]
    return 0.0 if m == schools else (1 - m / schools) * m / (m - 1) * _about_mean(z[inside])


def _about_mean(values: np.ndarray) -> float:
    return float(((values - values.mean()) ** 2).sum())


def _psu(name: str) -> tuple[np.ndarray, int]:
    """The district of each school as a code, and the number of districts."""
    found, psu = np.unique(columns(name)["dnum"], return_inverse=True)
    return psu, len(found)
