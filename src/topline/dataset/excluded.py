"""What declared rules took out of a data set: it goes wherever figures of the data go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Excluded:
    """What one rule took out: `n` people, of whom `alone` are taken out by no other rule."""

    name: str
    why: str
    n: int
    alone: int


@dataclass(frozen=True, eq=False)
class Exclusions:
    """Whom the rules took out, of all who were collected: `out` (collected,) in the order of the file."""

    out: NDArray[np.bool_]
    rules: tuple[Excluded, ...]

    @property
    def n(self) -> int:
        """How many were taken out."""
        return int(self.out.sum())

    @property
    def collected(self) -> int:
        """How many there were before."""
        return len(self.out)
