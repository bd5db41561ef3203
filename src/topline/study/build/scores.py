"""Scores of answers: numbers for means, and the difference of two nets.

A difference is a score too: 100 for the answers above, -100 for those below, 0 for all others. Its mean is
the share above less the share below, in points.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, cast

from topline.base.hints import nearest
from topline.study.build.answers import Desk
from topline.study.marks import Map, Seq, Text, Value, mark_of
from topline.study.model import Net, Option

Scores = tuple[Decimal | None, ...]

#: Reichheld's scale (2003, Harvard Business Review 81(12), 46-54): 9 and 10 promote, 0 to 6 detract.
NPS: Final = tuple(Decimal(100 * ((point >= 9) - (point <= 6))) for point in range(11))


def scores_of(
    value: Value | None, options: Sequence[Option], nets: Sequence[Net], desk: Desk
) -> dict[str, Scores]:
    """The scores of a list of answers, in the order of the options.

    Numbers, where `-` gives none; `{above: NET, below: NET}`; or `nps` of a scale from 0 to 10.
    """
    made: dict[str, Scores] = {}
    for name, item in (cast(Map, value) if value else {}).items():
        if isinstance(item, Seq):
            made[name] = _numbers(name, item, len(options), desk)
        elif isinstance(item, Map):
            made[name] = _difference(item, options, nets, desk)
        else:
            made[name] = _nps(item, options, desk)
    return made


def _numbers(name: str, seq: Seq, count: int, desk: Desk) -> Scores:
    numbers: list[Decimal | None] = []
    for text in seq:
        try:
            numbers.append(None if text == "-" else Decimal(str(text)))
        except InvalidOperation:
            desk.note("score-not-number", mark_of(text), given=text)
    if len(seq) != count:
        desk.note("score-count", seq.mark, name=name, given=len(seq), wanted=count)
    return tuple(numbers)


def _difference(map: Map, options: Sequence[Option], nets: Sequence[Net], desk: Desk) -> Scores:
    known = {option.name: (option.name,) for option in options} | {net.name: net.of for net in nets}
    sides = {}
    for side in ("above", "below"):
        name = cast(Text, map[side])
        if name not in known:
            desk.note("score-side-unknown", name.mark, name=name, near=nearest(name, known))
        sides[side] = set(known.get(name, ()))
    both = sorted(sides["above"] & sides["below"])
    if both:
        desk.note("score-sides-share", map.mark, answers=", ".join(both))
    return tuple(
        Decimal(100 * ((option.name in sides["above"]) - (option.name in sides["below"])))
        for option in options
    )


def _nps(text: Text, options: Sequence[Option], desk: Desk) -> Scores:
    points = [option.code for option in options]
    if sorted(points, key=lambda point: -1 if point is None else point) != list(range(11)):
        desk.note("score-nps", text.mark, n=len(points))
        return ()
    return tuple(NPS[point or 0] for point in points)
