"""The sampling design as a value: who stands for how many, in which strata, out of how many."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from topline.base import fail
from topline.dataset import Codes, Floats, first_missing
from topline.designs.calibrated import Calibration, Explained, explained
from topline.designs.levels import (
    Ints,
    Level,
    Lonely,
    Nested,
    Stage,
    check_second,
    clusters_in_strata,
    factors_of,
    fractions_left,
    people_in_strata,
)
from topline.designs.replicates import Replicates

Inference = Literal["descriptive", "design", "census-nonresponse", "model"]


@dataclass(frozen=True, eq=False, repr=False)
class Design:
    """How `n` people came to answer, for variances.

    `weights` (n,); `strata` (n,) with values 0 to H-1; `population` (H,) the number of units in each
    stratum, or None where they count as drawn with replacement: people, or the `clusters` (n,) that were
    drawn (0 to m-1). `second` is what was drawn within clusters, if their population is known. `lonely` is
    what becomes of a stratum with one unit. `replicates` replace all of this by weights of samples drawn
    anew. `intervals` is False where no error may be stated at all. `sentence` tells readers where the weights
    come from. `calibration` is what the weights were brought to, if errors are those of residuals.
    """

    inference: Inference
    weights: Floats
    strata: Ints
    strata_names: tuple[str, ...] = ("",)
    population: Floats | None = None
    intervals: bool = True
    sentence: str = ""
    calibration: Calibration | None = None
    clusters: Ints | None = None
    second: Stage | None = None
    lonely: Lonely = "refuse"
    replicates: Replicates | None = None

    def __repr__(self) -> str:
        """What it is, on one line: people, what they were drawn in, and Kish's effective number."""
        parts = [f"{len(self.weights):,} people"]
        if len(self.strata_names) > 1:
            parts.append(f"{len(self.strata_names):,} strata")
        if self.clusters is not None:
            parts.append(f"{len(np.unique(self.clusters)):,} clusters")
        if self.replicates is not None:
            parts.append(f"{self.replicates.weights.shape[1]:,} replicate weights")
        square = float((self.weights**2).sum())
        effective = float(self.weights.sum()) ** 2 / square if square else 0.0
        errors = "" if self.intervals else ", no errors stated"
        said = f" {self.sentence}" if self.sentence else ""
        shown = ", ".join(parts)
        return f"Design ({self.inference}): {shown}; effective n {effective:,.0f}{errors}.{said}"

    def __post_init__(self) -> None:
        """Refuse weights that are no weights, and strata that no variance can be had from."""
        sound = np.isfinite(self.weights) & (self.weights >= 0)
        if not sound.all():
            fail("weights_invalid", row=int(np.argmin(sound)) + 1)
        if not self.intervals or self.replicates is not None:
            return
        if self.clusters is not None:
            self._check_clusters(self.clusters)
        sizes = self.sizes
        lonely = self.lonely == "refuse"
        for stratum, name in enumerate(self.strata_names):
            if self.population is not None and sizes[stratum] > self.population[stratum]:
                id = "stratum_overfull" if self.clusters is None else "clusters_overfull"
                fail(id, name=name, n=sizes[stratum], population=self.population[stratum])
            certain = self.population is not None and self.population[stratum] == sizes[stratum]
            if sizes[stratum] < 2 and not certain and (lonely or len(self.strata_names) == 1):
                id = "stratum_lonely" if self.clusters is None else "clusters_lonely"
                fail(id, name=name or "the whole sample", n=sizes[stratum])

    def _check_clusters(self, clusters: Ints) -> None:
        """Refuse a cluster that lies in two strata, and second stages that cannot be."""
        pairs = np.unique(np.stack([clusters, self.strata]), axis=1)
        split = pairs[0][1:][np.diff(pairs[0]) == 0]
        if len(split):
            fail("clusters_not_nested", n=len(np.unique(split)))
        if self.second is not None:
            if self.population is None:
                fail("stages_population")
            check_second(self.second, clusters, self.lonely)

    @cached_property
    def sizes(self) -> Ints:
        """Units in each stratum (H,): people, or clusters."""
        if self.clusters is None:
            return np.bincount(self.strata, minlength=len(self.strata_names))
        _, first = np.unique(self.clusters, return_index=True)
        return np.bincount(self.strata[first], minlength=len(self.strata_names))

    @cached_property
    def factors(self) -> Floats:
        """(1 - n/N) n/(n - 1) of each stratum (H,): what the square of a unit's total is multiplied by."""
        return factors_of(self.sizes.astype(np.float64), self._left, self.lonely)[0]

    @property
    def _left(self) -> Floats:
        return fractions_left(self.sizes.astype(np.float64), self.population)

    @cached_property
    def nested(self) -> Nested:
        """The levels of units that variances are sums over; of replicates, everybody as one unit."""
        sizes = self.sizes.astype(np.float64)
        if self.replicates is not None or not self.intervals:
            whole = np.array([0, len(self.weights)], dtype=np.intp)
            return Nested(None, (Level(whole, np.zeros(1), np.zeros(1)),))
        if self.clusters is None:
            return people_in_strata(self.strata, sizes, self._left, self.lonely)
        return clusters_in_strata(self.strata, self.clusters, self.second, sizes, self._left, self.lonely)

    @cached_property
    def projection(self) -> Floats:
        """The weights whose sums give the slopes of a calibration, q w / s (n,)."""
        assert self.calibration is not None
        return self.calibration.q * self.calibration.ratio(self.weights)

    @cached_property
    def explained(self) -> Explained:
        """The calibration variables' part of variances."""
        assert self.calibration is not None
        return explained(self.calibration, self.nested)

    @cached_property
    def weighted(self) -> bool:
        """Whether people count differently, or for more than themselves."""
        return bool((self.weights != 1.0).any())

    @cached_property
    def zeros(self) -> bool:
        """Whether somebody has a weight of 0, and so counts for no degree of freedom."""
        return bool((self.weights == 0.0).any())


def stratified(design: Design, strata: Codes, names: tuple[str, ...], population: Floats | None) -> Design:
    """The same people in the strata of a coded variable, with its population counts if they are known.

    Everybody needs a stratum; one that nobody is in is left out (weighting refuses it before).
    """
    if (strata >= first_missing(strata)).any():
        fail("stratum_missing", n=int((strata >= first_missing(strata)).sum()))
    present = np.unique(strata)
    return replace(
        design,
        strata=np.searchsorted(present, strata),
        strata_names=tuple(names[code] for code in present),
        population=None if population is None else population[present],
        intervals=True,
    )
