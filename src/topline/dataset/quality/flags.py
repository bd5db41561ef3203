"""A flag: which people something was noticed of, by which rule, out of how many it could be noticed of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, repr=False)
class Flag:
    """What was noticed of some people. It changes no answer.

    `people` (n,) is who; `judged` (n,) whom the rule could say something about. `rule` states it in words.
    """

    name: str
    label: str
    rule: str
    people: Mask
    judged: Mask

    @property
    def n(self) -> int:
        """How many people are flagged."""
        return int(self.people.sum())

    @property
    def of(self) -> int:
        """How many the rule could be applied to."""
        return int(self.judged.sum())

    @property
    def share(self) -> float | None:
        """The flagged in per cent of those judged; None where nobody could be."""
        return 100.0 * self.n / self.of if self.of else None

    def __repr__(self) -> str:
        """The flag and its count: the masks would fill the screen."""
        return f"{self.label}: {self.n:,} of {self.of:,}"
