"""Write a report as a folder: one page, its style sheet, two fonts, the signs. Nothing from elsewhere."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from topline.base.files import write_atomically
from topline.base.look import picture, stylesheet

_FONTS: Final = (
    "source-serif-4-latin-wght-normal.woff2",
    "source-sans-3-latin-wght-normal.woff2",
    "OFL-source-serif-4.txt",
    "OFL-source-sans-3.txt",
)


def write(page: str, folder: str | Path, made_up: bool = False) -> Path:
    """Write the page with all that it needs into `folder`; the page itself comes last. Returns its path.

    Each file is replaced as a whole; other files of the folder are left alone.
    """
    root = Path(folder)
    for name in (*_FONTS, "logo.svg", "symbol.svg", *(("rehearsal.svg",) if made_up else ())):
        write_atomically(root / name, picture(name))
    write_atomically(root / "style.css", style())
    return write_atomically(root / "index.html", page)


def style() -> str:
    """The style sheet of a report: tokens, the report's components, and what is only its own."""
    own = files("topline.report").joinpath("report.css").read_text("utf-8")
    return stylesheet("core", "report") + "\n" + own
