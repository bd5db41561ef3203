"""The look that pages and reports share: `topline.css`, cut at its `@part` marks, and the two signs.

Authored as one readable file; comments and line breaks go when it is served.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

_FOLDER: Final = files(__name__)
_PART: Final = re.compile(r"/\* @part (\w+) \*/")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_BREAK: Final = re.compile(r"\s*\n\s*")


@cache
def stylesheet(*parts: str) -> str:
    """The style sheet of the parts named, in the file's order: `core`, `respond`, `report`, `desk`.

    Raises KeyError for a part that the file does not have.
    """
    _, *cut = _PART.split(_FOLDER.joinpath("topline.css").read_text("utf-8"))
    found = dict(zip(cut[::2], cut[1::2], strict=True))
    if unknown := set(parts) - found.keys():
        raise KeyError(f"topline.css has no part {', '.join(sorted(unknown))}; it has {', '.join(found)}")
    css = "".join(text for name, text in found.items() if name in parts)
    return _BREAK.sub("", _COMMENT.sub("", css)).strip()


@cache
def picture(name: str) -> bytes:
    """`logo.svg` or `symbol.svg`."""
    return _FOLDER.joinpath(name).read_bytes()
