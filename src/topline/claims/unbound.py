"""Numbers and quantifiers of the prose that are bound to no figure.

Years, days of a month, numbers of chapters and tables, and counts up to nine in words (“three things”) are no
figures of the survey. Comparisons (“higher”, “rose”) are not looked for yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from topline.base import Mark
from topline.base.number_words import Quantity
from topline.claims.document import Prose
from topline.claims.judge import is_year
from topline.claims.phrases import Table, uses

_MONTHS: Final = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMBERED = re.compile(
    r"(?:chapter|section|part|table|figure|chart|annex|appendix|question|wave|step|note|page|version|age[ds]?|aged)"
    r"\s+$",
    re.IGNORECASE,
)
#: Phrases that are about people only when the word that follows says so.
_OF_PEOPLE: Final = ("all", "none", "many", "few")
_PEOPLE = re.compile(
    r"\s+(?:of\s+(?:the|those|them|our)\b|respondents|people|staff|adults|civil servants)", re.I
)


@dataclass(frozen=True, slots=True)
class Unbound:
    """Words that speak of a figure and are bound to none, with their place."""

    words: str
    mark: Mark


def unbound(prose: Prose, table: Table) -> Iterator[Unbound]:
    """The unbound numbers and quantifiers of one text, from left to right."""
    for use in uses(prose.text, table):
        if use.quantity is not None:
            keep = not _no_figure(use.quantity, prose.text)
        elif use.phrases[0].id in _OF_PEOPLE:
            some = use.text.lower() == "some"
            keep = not some and (use.phrases[0].id == "many" or bool(_PEOPLE.match(prose.text, use.end)))
        else:
            keep = True
        if keep:
            yield Unbound(" ".join(use.text.split()), prose.place(use.start))


def _no_figure(quantity: Quantity, text: str) -> bool:
    if quantity.form != "count":
        return False
    before, after = text[: quantity.start], text[quantity.end :]
    if not quantity.digits and quantity.value < 10:
        return not re.match(r"\s+of\s+(?:the\s+)?(?:\d|two|three|four|five|six|seven|eight|nine|ten)", after)
    dated = re.match(rf"\s+(?:to\s+\d+\s+)?(?:{_MONTHS})\b", after) or re.search(
        rf"(?:{_MONTHS})\s+$", before
    )
    return is_year(quantity) or bool(dated) or bool(_NUMBERED.search(before))
