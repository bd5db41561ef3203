"""HTML as strings: every text is escaped where it enters, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, *inside: str, **attributes: str | None) -> Html:
    """An element; plain strings inside are escaped, `Html` is not. `class_="q"` gives class, None gives none.

    >>> tag("p", "a < b", class_="q")
    '<p class="q">a &lt; b</p>'
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{given}>{join(inside)}</{name}>")


def join(parts: Iterable[str]) -> Html:
    """Parts one after the other; plain strings are escaped."""
    return Html("".join(part if isinstance(part, Html) else escape(part, quote=False) for part in parts))
