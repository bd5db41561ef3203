"""`--fix`: edit the words of claims that do not hold, at their places and nowhere else.

By default digits only: the offered wording must be the same words with other numbers. A range or ranking
whose leader changed is not of the checked kind and is never touched: a person must look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal

from topline.claims.check import Checked, ClaimReport
from topline.study.edit import Replacement

How = Literal["digits", "words"]
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_LINK: Final = re.compile(r"\[((?:[^\]\\]|\\.)*)\]")


def fixes(report: ClaimReport, source: str, how: How = "digits") -> list[Replacement]:
    """The edits that make failing claims of the text `source` true.

    `digits` changes numbers where that is enough; `words` takes the first true wording that is offered.
    """
    lines = source.splitlines(keepends=True)
    return [
        made for checked in report.checked if checked.status == "fails" for made in _of(checked, lines, how)
    ]


def _of(checked: Checked, lines: list[str], how: How) -> Iterator[Replacement]:
    mark = checked.claim.mark
    rest = "".join([lines[mark.line - 1][mark.column - 1 :], *lines[mark.line :]])
    link = _LINK.match(rest)
    if link is None or _folded(link[1]) != checked.claim.words:
        return  # marks of emphasis or escapes inside the words: left to a person
    offers = checked.offers if how == "digits" else checked.offers[:1]
    for offer in offers:
        if _NUMBER.split(offer) == _NUMBER.split(checked.claim.words):
            numbers = iter(_NUMBER.findall(offer))
            new = _NUMBER.sub(lambda _, given=numbers: next(given), link[1])
        elif how == "words":
            new = offer
        else:
            continue
        yield Replacement(replace(mark, column=mark.column + 1), link[1], new)
        return


def _folded(text: str) -> str:
    """The words as the claim has them: on one line."""
    return " ".join(text.split())
