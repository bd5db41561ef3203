"""Small helpers of the report's HTML. Every text from outside is escaped here or by the template."""

from __future__ import annotations

import re
from html import escape

from topline.base import half_up
from topline.disclosure.released import Figure


def attributes(**values: str | None) -> str:
    """Attributes of an element, escaped, with a leading space; `class_` is `class`; None is left out."""
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in values.items()
        if value is not None
    )


def element(tag: str, inside: str, **values: str | None) -> str:
    """An element around HTML that is escaped already."""
    return f"<{tag}{attributes(**values)}>{inside}</{tag}>"


def top_line(value: float | None) -> str:
    """The top line, filled to a percentage that the words beside it say; None: not filled."""
    filled = f'<rect class="f" width="{half_up(value, 1):f}" height="4"/>' if value is not None else ""
    return (
        '<svg class="line" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false"><rect width="100" height="4"/>{filled}</svg>'
    )


def number(figure: Figure, decimals: int = 0) -> str:
    """A figure as a table prints it: rounded once, half up; a hidden one gives its mark."""
    if figure.value is None:
        return element("span", escape(figure.hidden or "[x]"), class_="mk only")
    places = 1 if figure.unit == "mean" else 0 if figure.unit == "count" else decimals
    low = figure.unit == "percent" and 0 < figure.value < 0.5 and not places
    shown = '<span class="mk only">[low]</span>' if low else f"{half_up(figure.value, places):,}"
    return shown + "".join(f' <span class="mk">{escape(flag)}</span>' for flag in figure.flags)


def slug(text: str) -> str:
    """A text as an id: lower case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def scroll(inside: str, label: str) -> str:
    """A region that can be scrolled sideways, also by keyboard, around a wide table."""
    return element("div", inside, class_="scroll", tabindex="0", role="region", aria_label=label)
