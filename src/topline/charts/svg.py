"""The few SVG elements that charts are made of. Every text is escaped; colours are attributes and classes."""

from __future__ import annotations

from html import escape
from typing import Final

#: The light theme, for readers that know no style sheet; classes carry both themes.
_FILL: Final = {
    "l1": "#6B2A08", "l2": "#C77536", "l3": "#F5F1EA", "l4": "#4A91A4", "l5": "#0A4050",
    "bar": "#4A91A4", "hi": "#0A4050",
}  # fmt: skip


def text(x: float, y: float, words: str, css: str = "", size: float = 15) -> str:
    """A line of text; `css` may hold `e` (ends at x), `m` (centred), `b` (bold), `q2` (quiet)."""
    kind = f' class="{css}"' if css else ""
    return f'<text x="{x:.6g}" y="{y:.6g}" font-size="{size:g}"{kind}>{escape(words)}</text>'


def rect(x: float, y: float, width: float, height: float, css: str) -> str:
    """A rectangle; a negative width is none."""
    fill = f' fill="{_FILL[css]}"' if css in _FILL else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.6g}" width="{max(width, 0):.1f}" height="{height:g}" class="{css}"{fill}/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    """A straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.6g}" x2="{x2:.1f}" y2="{y2:.6g}" class="{css}"/>'


def document(width: int, height: float, id: str, title: str, description: str, mark: str, body: str) -> str:
    """A drawing with its name and description; `mark` is written across the ground, if there is one.

    `id` must be unique on the page: the name and description are found by it.
    """
    narrow = width < 500
    across = ""
    if mark:
        x, y = width / 2, height / 2
        across = (
            f'<text class="wm m" x="{x:g}" y="{y:.6g}" transform="rotate(-14 {x:g} {y:.6g})" '
            f'aria-hidden="true">{escape(mark)}</text>'
        )
    return (
        f'<svg class="c {"n" if narrow else "w"}" viewBox="0 0 {width} {height:.6g}" role="img" '
        f'aria-labelledby="{id}t {id}d"><title id="{id}t">{escape(title)}</title>'
        f'<desc id="{id}d">{escape(description)}</desc>{across}{body}</svg>'
    )


def wrap(words: str, characters: int) -> list[str]:
    """The words on as many lines as they need; a single long word is not cut."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > characters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def wide(words: str, size: float = 15) -> float:
    """About how wide a text is drawn in Source Sans, in units of the drawing."""
    return len(words) * size * 0.5
