"""Write the phrase table of docs/explanation/claims.md anew: `python -m tools.phrases`."""

from pathlib import Path

from topline.claims.phrases import table
from topline.claims.reference import phrase_table

PAGE = "docs/explanation/claims.md"
START = "<!-- made by tools/phrases.py from phrases.toml: do not edit -->\n"
END = "<!-- end -->\n"


def page_of(text: str) -> str:
    """The page with its phrase table made anew."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}{phrase_table(table())}{END}{after}"


def main(root: Path = Path()) -> None:
    """Write the page."""
    path = root / PAGE
    path.write_text(page_of(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
