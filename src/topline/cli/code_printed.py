"""Agreement of coders as lines of text."""

from __future__ import annotations

from topline.base import half_up
from topline.base.words import words
from topline.dataset.coding import Task
from topline.estimates.coders import CoderAgreement


def agreement_text(task: Task, found: CoderAgreement) -> str:
    """The measures of all codes together, then a line for each code."""
    coders = ", ".join(found.coders)
    lines = [
        words("coding-title", name=task.derived.name, n=found.n, coders=coders),
        words("coding-same", share=half_up(100 * found.same / found.n, 1), n=found.n),
        words(f"coding-alpha-{'masi' if found.several else 'nominal'}", value=_number(found.alpha)),
    ]
    if found.kappa is not None:
        kappa = found.kappa
        lines.append(words("coding-kappa", value=_number(kappa.value), se=_number(kappa.se)))
    if found.weighted is not None:
        lines.append(words("coding-kappa-weighted", value=_number(found.weighted.value)))
    lines += ["", words("coding-whole"), *_table(found)]
    return "\n".join(lines)


def _table(found: CoderAgreement) -> list[str]:
    heads = [words(f"coding-{name}") for name in ("code", "times", "percent", "code-kappa", "code-alpha")]
    rows = [heads]
    for code in found.codes:
        same = f"{half_up(100 * code.same / found.n, 1)}%"
        kappa = _number(code.kappa.value) if code.kappa else "-"
        rows.append([code.label, str(code.given), same, kappa, _number(code.alpha)])
    widths = [max(len(row[place]) for row in rows) for place in range(len(heads))]
    return [
        "  ".join([row[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)])
        for row in rows
    ]


def _number(value: float | None) -> str:
    return words("coding-undefined") if value is None else str(half_up(value, 3))
