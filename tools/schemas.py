"""Write the JSON Schemas and the reference page of the study format anew from the shapes (`make schemas`)."""

from pathlib import Path

from topline.study.shapes.reference import reference_page
from topline.study.shapes.schema import schema_files

ROOT = Path(__file__).resolve().parent.parent
PAGE = "docs/reference/study-format.md"


def files() -> dict[str, str]:
    """Give every made file: its path in the project and what should stand in it."""
    return dict(schema_files()) | {PAGE: reference_page((ROOT / PAGE).read_text("utf-8"))}


if __name__ == "__main__":
    for name, text in files().items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
