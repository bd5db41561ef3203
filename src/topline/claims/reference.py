"""The phrase table as a page shows it, made from `phrases.toml`."""

from __future__ import annotations

from topline.base import half_up
from topline.claims.check import span
from topline.claims.phrases import Interval, Phrase, Table

_NUMBER = "N"


def phrase_table(table: Table) -> str:
    """A Markdown table: words, where the figure may lie, where it is only a warning, source."""
    bare = table.bare
    cap = f"{bare.cap:.0%} of it at most"
    alone = {
        "N%, N": "p rounds to N at the decimals written; a count is exact",
        "“a third”, “half”": f"within {bare.fraction:.1f} points, {cap}",
        "“1 in 5”, “7 out of 10”": f"within {bare.ratio:.1f} points, {cap}",
        "“<1%”": span(bare.low),
    }
    lines = ["| words | holds | warning | source |", "| --- | --- | --- | --- |"]
    lines += [f"| {words} | {holds} |  | {bare.source} |" for words, holds in alone.items()]
    return "\n".join([*lines, *(_row(phrase) for phrase in table.phrases)]) + "\n"


def _row(phrase: Phrase) -> str:
    number = f" {_NUMBER}" if phrase.takes == "number" else ""
    spoken = ", ".join(f"“{words}{number}”" for words in phrase.words)
    return f"| {spoken} | {_holds(phrase)} | {_warns(phrase)} | {phrase.source} |"


def _holds(phrase: Phrase) -> str:
    parts = [_where(phrase.accept, phrase) if phrase.accept else "as the number alone"]
    if phrase.figure:
        parts = ["the words carry a figure"]
    if phrase.cap is not None:
        parts.append(f"never further off than {phrase.cap:.0%} of N")
    if phrase.counts:
        parts.append(f"counts: {_ratio(phrase.counts)}")
    if phrase.strict:
        parts.append("also as printed")
    if phrase.clears:
        only = " (of half)" if phrase.takes == "number" else ""
        parts.append(f"the 95% interval too{only}")
    return "; ".join(parts)


def _warns(phrase: Phrase) -> str:
    parts = [_where(phrase.warn, phrase)] if phrase.warn else []
    parts += [f"counts: {_ratio(phrase.counts_warn)}"] if phrase.counts_warn else []
    parts += [f"review unless {span(phrase.suits)}"] if phrase.suits else []
    parts += ["without one"] if phrase.figure else []
    return "; ".join(parts)


def _where(interval: Interval, phrase: Phrase) -> str:
    if phrase.takes == "nothing":
        return span(interval)
    low, high = (f"N{_signed(end)}" for end in (interval.low, interval.high))
    return f"{low} to {high}{_left_out(interval, low, high)}"


def _ratio(interval: Interval) -> str:
    low, high = (f"{half_up(end, 2).normalize():f} N" for end in (interval.low, interval.high))
    return f"{low} to {high}{_left_out(interval, low, high)}"


def _left_out(interval: Interval, low: str, high: str) -> str:
    out = [end for end, inside in ((low, interval.low_in), (high, interval.high_in)) if not inside]
    return f", without {' and '.join(out)}" if out else ""


def _signed(points: float) -> str:
    if not points:
        return ""
    return f" {'+' if points > 0 else '−'} {abs(points):g}"
