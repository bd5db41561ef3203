"""Write the JSON Schemas and the reference pages anew, from shapes and docstrings (`make schemas`)."""

from pathlib import Path

from tools.python_reference import reference_pages
from topline.study.shapes.reference import reference_page
from topline.study.shapes.schema import schema_files

ROOT = Path(__file__).resolve().parent.parent
PAGE = "docs/reference/study-format.md"


def files() -> dict[str, str]:
    """Give every made file: its path in the project and what should stand in it."""
    page = {PAGE: reference_page((ROOT / PAGE).read_text("utf-8"))}
    return dict(schema_files()) | page | reference_pages()


if __name__ == "__main__":
    for name, text in files().items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
