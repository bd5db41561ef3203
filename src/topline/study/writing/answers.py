"""Answers, nets, scores and missing kinds as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from topline.study.model import Missing, Net, Option, Row, Scale
from topline.study.writing.plain_yaml import Lines, Tree


def number(value: object) -> str:
    """A number or a date as it is written: 0.5, 100, 2013-11-01."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def coded(code: int | None, name: str) -> str:
    """`5 strongly_agree`, or the name alone."""
    return name if code is None else f"{code} {name}"


def settings(**values: str | bool | int | Tree | None) -> dict[str, Tree]:
    """The settings that are there: None, False and what is empty are left out; True is written `true`."""
    written: dict[str, Tree] = {}
    for name, value in values.items():
        if value is True:
            written[name] = "true"
        elif isinstance(value, int) and value is not False:
            written[name] = str(value)
        elif isinstance(value, str | Mapping | list | tuple) and value:
            written[name] = value
    return written


def options_tree(options: tuple[Option, ...]) -> Lines:
    """`CODE NAME: label`, or `CODE NAME: {label: ..., ...}`."""
    return Lines({coded(option.code, option.name): _option(option) for option in options})


def _option(option: Option) -> Tree:
    return _short(
        settings(
            label=option.label,
            short=option.short,
            hint=option.hint,
            place=option.place,
            exclusive=option.exclusive,
            specify=option.specify,
            ends=option.ends,
            data=option.data,
            parent=option.parent,
        )
    )


def rows_tree(rows: tuple[Row, ...]) -> Lines:
    """The items of a grid."""
    return Lines(
        {
            coded(row.code, row.name): _short(settings(label=row.label, short=row.short, place=row.place))
            for row in rows
        }
    )


def missing_tree(kinds: tuple[Missing, ...]) -> Lines:
    """The missing kinds that a study declares."""
    return Lines(
        {
            coded(kind.code, kind.name): _short(settings(label=kind.label, in_base=kind.in_base))
            for kind in kinds
        }
    )


def nets_tree(nets: tuple[Net, ...]) -> Lines:
    """`name: {label: ..., of: [...]}`."""
    return Lines({net.name: {"label": net.label, "of": list(net.of)} for net in nets})


def scores_tree(scores: Mapping[str, tuple[Decimal | None, ...]]) -> Lines:
    """`mean: [100, 50, 0]`; an answer without a score is a dash."""
    return Lines(
        {
            name: ["-" if value is None else number(value) for value in values]
            for name, values in scores.items()
        }
    )


def answers_tree(scale: Scale) -> dict[str, Tree]:
    """Answers with what belongs to them, as they stand in a scale or a question."""
    scores = dict(scale.scores)
    if points := _points(scale):
        if scores["mean"] == tuple(Decimal(option.code or 0) for option in scale.options):
            del scores["mean"]
        answers = points
    else:
        answers = settings(options=options_tree(scale.options))
    return {
        **answers,
        **settings(
            missing=[kind.name for kind in scale.missing],
            nets=nets_tree(scale.nets),
            scores=scores_tree(scores),
        ),
    }


def _points(scale: Scale) -> dict[str, Tree] | None:
    """`points: [0, 10]` with its `ends`, if that is what made these answers."""
    codes = [option.code for option in scale.options]
    low, high = (codes[0], codes[-1]) if codes else (None, None)
    if low is None or high is None or "mean" not in scale.scores or not 0 <= low < high <= low + 100:
        return None
    if codes != list(range(low, high + 1)):
        return None
    ends = [
        option.label.removeprefix(f"{option.code} – ") for option in (scale.options[0], scale.options[-1])
    ]
    words = {} if ends == [str(low), str(high)] else {low: ends[0], high: ends[1]}
    made = tuple(
        Option(f"p{n}", f"{n} – {words[n]}" if n in words else str(n), n, str(n), mark=option.mark)
        for n, option in zip(range(low, high + 1), scale.options, strict=True)
    )
    if made != scale.options or not all(word.strip() for word in words.values()):
        return None
    return {"points": [str(low), str(high)], **settings(ends=list(words.values()))}


def _short(written: dict[str, Tree]) -> Tree:
    return written["label"] if list(written) == ["label"] else written
