"""Response rates of AAPOR, Standard Definitions, 9th edition (2016), pages 61 and 62.

I complete, P partial, R refusal and break-off, NC non-contact, O other (both none here: an invitation that
nothing came of is of unknown eligibility), U unknown eligibility (UH + UO), e the share of U that is
eligible.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Dispositions:
    """Final dispositions of the people invited (AAPOR, internet surveys of specifically named persons)."""

    complete: int = 0
    partial: int = 0
    break_off: int = 0
    opted_out: int = 0
    undelivered: int = 0
    nothing_returned: int = 0
    screened_out: int = 0
    left: int = 0

    @property
    def eligible(self) -> int:
        """Known to be eligible: I + P + R."""
        return self.complete + self.partial + self.break_off + self.opted_out

    @property
    def unknown(self) -> int:
        """Of unknown eligibility: U."""
        return self.undelivered + self.nothing_returned

    @property
    def ineligible(self) -> int:
        """Known not to be eligible: 4.x."""
        return self.screened_out + self.left

    @property
    def e(self) -> Fraction | None:
        """The share of those of unknown eligibility who are thought eligible: as among those known."""
        known = self.eligible + self.ineligible
        return Fraction(self.eligible, known) if known else None

    @property
    def rr1(self) -> Fraction | None:
        """I / (I + P + R + U): the least that the rate can be."""
        return _share(self.complete, Fraction(self.eligible + self.unknown))

    @property
    def rr2(self) -> Fraction | None:
        """(I + P) / (I + P + R + U)."""
        return _share(self.complete + self.partial, Fraction(self.eligible + self.unknown))

    @property
    def rr3(self) -> Fraction | None:
        """I / (I + P + R + e U)."""
        return None if self.e is None else _share(self.complete, self.eligible + self.e * self.unknown)


def _share(part: int, whole: Fraction) -> Fraction | None:
    return part / whole if whole else None
