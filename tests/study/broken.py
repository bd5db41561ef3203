"""Make a broken study: the sound one with one fault, and what loading and checking it says."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import polib

from topline.study import check_study, load
from topline.study.translations import refresh_translation
from topline.study.translations.po import path_of

SOUND = Path(__file__).parents[1] / "studies" / "sound"
WAVES = """\
waves:
  "2025": {frozen: before, label: Last year}
questions:
  happy: {"2025": happy, status: comparable, why: The order was fixed then.}
  calm: {"2025": calm, status: same}
  travel: {"2025": travel, status: same}
  parking: {"2025": parking, status: same}
  mood: {"2025": mood, status: same}
maps:
  unit: {"2025": {north: north, east: south}}
"""
PUBLISHED = """\
waves:
  "2025": {published: figures.csv}
questions:
  calm: {"2025": calm, status: same}
"""
FIGURES = "question,answer,value,base\ncalm,agree,41,200\ncalm,neither,30,200\n"
WEIGHTING = "  adjust: post_stratify\n  targets: {unit: targets/unit.csv}\n"
RAKING = """\
  adjust: rake
  targets: {unit: targets/unit.csv, by_age: targets/unit-by-band.csv}
  nonresponse: {unit: targets/replies.csv}
  missing: {unit: west}
"""
CROSSED = "unit,band,population\nnorth,young,100\nnorth,old,100\nsouth,young,150\nwest,missing,50\n"
REPLIES = "id,invited,replied\nnorth,200,100\nsouth,150,70\nwest,50,20\n"
BANDS = "    options:\n      1 young: Under 40\n      2 old: 40 and over\n"
DATA = "data: {file: answers.csv, codes: {refused: -1, not_asked: NA}}\n"
_QUESTION = re.compile(r"- (single|multiple|grid|rank|number|date|text): (\w+)\n")


def findings_of(case: Mapping[str, object]) -> list[str]:
    """Every finding of the sound study with the case's fault, as it is printed."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "study"
        shutil.copytree(SOUND, root)
        _extend(root, str(case.get("with", "")))
        _break(root / str(case["file"]), case)
        loaded = load(root)
        found = [*loaded.findings, *(check_study(loaded.study) if loaded.study else [])]
        return [str(finding) for finding in found]


def _extend(root: Path, what: str) -> None:
    """Add a translation, last year's study, targets to rake to, a code list, a frame, or answers."""
    if what == "welsh":
        main = root / "study.yaml"
        main.write_text(main.read_text("utf-8").replace("languages: [en]", "languages: [en, cy]"), "utf-8")
        study = load(root).study
        assert study is not None
        path = path_of(study, "cy")
        path.parent.mkdir()
        path.write_text(refresh_translation(study, "cy")[0], "utf-8")
        entries = polib.pofile(str(path), wrapwidth=0)
        for entry in entries:
            entry.msgstr = f"CY {entry.msgid}"
        entries.save()
    elif what == "waves":
        shutil.copytree(SOUND, root / "before")
        (root / "waves.yaml").write_text(WAVES, "utf-8")
        (root / "figures.csv").write_text(FIGURES, "utf-8")
    elif what == "published":
        (root / "waves.yaml").write_text(PUBLISHED, "utf-8")
        (root / "figures.csv").write_text(FIGURES, "utf-8")
    elif what == "list":
        _replace(root / "study.yaml", BANDS, "    options: bands.csv\n")
        (root / "bands.csv").write_text("code,name,label\n1,young,Under 40\n2,old,40 and over\n", "utf-8")
    elif what == "raking":
        _replace(root / "study.yaml", WEIGHTING, RAKING)
        (root / "targets" / "unit-by-band.csv").write_text(CROSSED, "utf-8")
        (root / "targets" / "replies.csv").write_text(REPLIES, "utf-8")
    elif what == "frame":
        (root / "frame.csv").write_text("email,unit_code,age\na@b.example,1,30\n", "utf-8")
    elif what == "data":
        _replace(root / "study.yaml", "weighting:\n", DATA + "weighting:\n")
        (root / "answers.csv").write_text("id\n", "utf-8")
        asked = root / "questionnaire.yaml"
        asked.write_text(_QUESTION.sub(_with_column, asked.read_text("utf-8")), "utf-8")


def _with_column(match: re.Match[str]) -> str:
    kind, name = match[1], match[2]
    hole = {"grid": "_{row}", "multiple": "_{option}", "rank": "_{place}"}.get(kind, "")
    return f"{match[0]}  column: {name}{hole}\n"


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def _break(path: Path, case: Mapping[str, object]) -> None:
    """Put the fault in: a replaced text, a whole new file, or no file at all."""
    if "old" not in case:
        path.unlink() if "new" not in case else path.write_text(str(case["new"]), "utf-8")
        return
    text = path.read_bytes()
    old, new = str(case["old"]).encode(), str(case["new"]).encode("latin-1" if "latin1" in case else "utf-8")
    assert text.count(old) == 1, f"“{case['old']}” stands {text.count(old)} times in {path.name}, not once"
    path.write_bytes(text.replace(old, new))
