"""Shares of a file of targets against their question: what no answers could come to is found in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from topline.base import Finding
from topline.base.words import words
from topline.study.marks import Text, mark_of
from topline.study.model import Variable


def share_findings(variable: Variable, name: Text, shares: Mapping[Text, Fraction]) -> Iterator[Finding]:
    """What cannot be in the shares of one variable, each at its place; `name` is its key in the file."""
    if variable.kind == "set":
        yield from _together(variable, shares)
    elif sum(shares.values()) > 100:
        values = {"name": name, "sum": _shown(sum(shares.values(), Fraction(0)))}
        yield Finding("targets-shares-sum", values, mark_of(name))
    if variable.kind == "number":
        kinds = {kind.name for kind in variable.missing}
        for answer in (answer for answer in shares if answer not in kinds):
            yield from _number(variable, answer)


def _together(variable: Variable, shares: Mapping[Text, Fraction]) -> Iterator[Finding]:
    """Answers that stand alone and any other one are of different people: they pass 100% at most once."""
    kinds = {kind.name for kind in variable.missing}
    alone = [name for name in shares if name in kinds or ((o := variable.option(name)) and o.exclusive)]
    taken = sum((shares[name] for name in alone), Fraction(0))
    several = [name for name in shares if name not in alone]
    most = max(several, key=lambda name: shares[name], default=None)
    if most is not None and shares[most] + taken > 100:
        values = {"answer": most, "share": _shown(shares[most]), "alone": ", ".join(alone)}
        id = "targets-alone" if alone else "targets-over"
        yield Finding(id, {**values, "taken": _shown(taken), "name": variable.name}, mark_of(most))
    elif taken > 100:
        values = {"name": variable.name, "alone": ", ".join(alone), "taken": _shown(taken)}
        yield Finding("targets-alone-sum", values, mark_of(alone[0]))


def _number(variable: Variable, answer: Text) -> Iterator[Finding]:
    """Refuse a number that the page of its question would refuse."""
    question, number = variable.question, Decimal(answer)
    if question is None:
        return
    low, high = question.minimum, question.maximum
    below = isinstance(low, Decimal) and number < low
    above = isinstance(high, Decimal) and number > high
    if below or above:
        range = words("range", low=low, high=high) if low is not None and high is not None else ""
        range = range or (words("range-low", low=low) if high is None else words("range-high", high=high))
        yield Finding("targets-range", {"given": answer, "name": variable.name, "range": range}, answer.mark)
    places = number.as_tuple().exponent
    if isinstance(places, int) and -places > question.decimals:
        values = {"given": answer, "name": variable.name, "decimals": question.decimals}
        yield Finding("targets-decimals", values, answer.mark)


def _shown(share: Fraction) -> str:
    return f"{float(share):g}"
