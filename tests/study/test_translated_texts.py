"""Which texts of a study are translated."""

import shutil
from pathlib import Path

from topline.study import read_study
from topline.study.translations import texts_of

SOUND = Path(__file__).resolve().parents[1] / "studies" / "sound"
PLAN = """
privacy:
  controller: The Office
  lawful_basis: Public task.
  keep_until: {frame: 2026-06-30}
  contact: Write to us.
"""


def test_id_of_an_open_question_is_no_text() -> None:
    """`text: why_walk` names the question; only what it asks and its label are translated."""
    assert [address for address in texts_of(read_study(SOUND)) if address.startswith("why_walk.")] == [
        "why_walk.ask",
        "why_walk.label",
    ]


def test_texts_of_the_plan(tmp_path: Path) -> None:
    """Coverage, reasons and the privacy notice are read by people, so they are translated."""
    shutil.copytree(SOUND, tmp_path / "study")
    file = tmp_path / "study" / "study.yaml"
    why = "  why: The offices answered at different rates.\n"
    text = file.read_text("utf-8")
    assert why in text
    file.write_text(text.replace(why, why + "  beside: {adjust: none, why: To compare.}\n") + PLAN, "utf-8")
    texts = texts_of(read_study(tmp_path / "study"))
    assert list(texts)[-6:] == [
        "frame.coverage",
        "privacy.lawful_basis",
        "privacy.contact",
        "weighting.why",
        "weighting.beside.why",
        "disclosure.why",
    ]
