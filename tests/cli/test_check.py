"""The verbs check and translate, as their user sees them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from topline.cli import FINDINGS, FINE, WRONG_USE, main

SOUND = Path(__file__).parents[1] / "studies" / "sound"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A copy of the sound study."""
    return Path(shutil.copytree(SOUND, tmp_path / "study"))


def change(path: Path, old: str, new: str) -> None:
    """Replace what stands once in a file."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def test_a_sound_study(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A study without faults: one line, exit code 0, also with --strict."""
    assert main(["check", str(study), "--strict"]) == FINE
    assert capsys.readouterr().out == "No findings.\n"


def test_an_error(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An error is printed with its place, counted, and makes the exit code 1."""
    change(study / "questionnaire.yaml", "where: travel = car", "where: travel = 1")
    assert main(["check", str(study)]) == FINDINGS
    assert capsys.readouterr().out == (
        "questionnaire.yaml:21:53 error: travel is compared with the code 1. Write the answer's name: car.\n"
        "1 error\n"
    )


def test_a_warning_counts_only_when_strict(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Warnings leave the exit code at 0, unless --strict."""
    change(study / "questionnaire.yaml", "    2 bus: By bus\n", "    2 bus: By car\n")
    assert main(["check", str(study)]) == FINE
    assert main(["check", str(study), "--strict"]) == FINDINGS
    assert capsys.readouterr().out.endswith("1 warning\n")


def test_json(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--format json gives a list that a program can read: id, severity, text, place, values."""
    change(study / "questionnaire.yaml", "where: travel = car", "where: travel = 1")
    assert main(["check", str(study), "--format", "json"]) == FINDINGS
    (finding,) = json.loads(capsys.readouterr().out)
    assert finding["id"] == "expression-code"
    assert (finding["file"], finding["line"], finding["column"]) == ("questionnaire.yaml", 21, 53)
    assert finding["severity"] == "error"
    assert finding["values"]["answer"] == "car"


def test_conditions(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--conditions prints who is asked each question."""
    assert main(["check", str(study), "--conditions"]) == FINE
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["question", "asked", "if", "base"]
    assert lines[3].split(maxsplit=2) == ["parking", "drivers", "Base: those who drive"]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("questionnaire.yaml", "ask_if: drivers", "ask_if: drivres", "no group or question drivres."),
        ("questionnaire.yaml", "ask_if: drivers", "ask_if: travel", "travel is no group."),
        (
            "questionnaire.yaml",
            "where: travel = car",
            "where: travel.car is answered",
            "travel is not a grid, so it has no row car. Write: travel = car",
        ),
        ("study.yaml", "banner: [unit", "banner: [unti", "called “unti”."),
    ],
)
def test_conditions_of_a_study_with_errors(
    study: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, said: str
) -> None:
    """--conditions prints the errors that check prints in place of a table that would hide them."""
    change(study / file, old, new)
    assert main(["check", str(study)]) == FINDINGS
    plain = capsys.readouterr().out
    assert main(["check", str(study), "--conditions"]) == FINDINGS
    shown = capsys.readouterr().out
    assert shown == plain
    assert said in shown


def test_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that is not there is wrong use, and the message says what a study is."""
    assert main(["check", str(tmp_path / "none")]) == WRONG_USE
    assert "A study is a folder with study.yaml and questionnaire.yaml." in capsys.readouterr().err


def test_translate_makes_and_refreshes(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first run writes every text; later a changed text keeps its translation, marked fuzzy."""
    change(study / "study.yaml", "languages: [en]", "languages: [en, cy]")
    assert main(["translate", str(study), "cy"]) == FINE
    assert capsys.readouterr().out.endswith("0 kept, 91 new, 0 stale, 0 obsolete\n")
    po = study / "translations" / "cy.po"
    change(po, 'msgid "I am calm here."\nmsgstr ""', 'msgid "I am calm here."\nmsgstr "Rwy\'n dawel yma."')
    change(study / "questionnaire.yaml", "ask: I am calm here.", "ask: I am calm at work.")
    change(study / "questionnaire.yaml", "ask: Which pets have you?", "ask: Which pets?")
    assert main(["translate", str(study), "cy"]) == FINE
    assert capsys.readouterr().out.endswith("89 kept, 0 new, 2 stale, 0 obsolete\n")
    assert (
        '#, fuzzy\n#| msgid "I am calm here."\nmsgctxt "calm.ask"\n'
        'msgid "I am calm at work."\nmsgstr "Rwy\'n dawel yma."\n'
    ) in po.read_text("utf-8")
    assert main(["check", str(study)]) == FINE
    assert (
        "warning: calm.ask was translated from another text: “I am calm here.” is now “I am calm at work.”"
    ) in capsys.readouterr().out


def test_translate_keeps_what_is_gone_as_obsolete(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The translation of a question that was taken out is put aside, not lost, and comes back with it."""
    change(study / "study.yaml", "languages: [en]", "languages: [en, cy]")
    main(["translate", str(study), "cy"])
    po, asked = study / "translations" / "cy.po", study / "questionnaire.yaml"
    change(po, 'msgid "First day"\nmsgstr ""', 'msgid "First day"\nmsgstr "Diwrnod cyntaf"')
    whole = asked.read_text("utf-8")
    change(
        asked,
        "- date: joined\n  ask: When did you start here?\n  label: First day\n",
        "- date: came\n  ask: When?\n  label: Day\n",
    )
    main(["translate", str(study), "cy"])
    assert capsys.readouterr().out.endswith("89 kept, 2 new, 0 stale, 1 obsolete\n")
    assert '#~ msgstr "Diwrnod cyntaf"' in po.read_text("utf-8")
    asked.write_text(whole, "utf-8")
    main(["translate", str(study), "cy"])
    assert 'msgid "First day"\nmsgstr "Diwrnod cyntaf"' in po.read_text("utf-8")


def test_translate_loses_no_translation(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a tool put aside never replaces the live text, and entries without an address are put aside too; a
    text that is translated twice stops the work and leaves the file as it is.
    """
    change(study / "study.yaml", "languages: [en]", "languages: [en, cy]")
    po = study / "translations" / "cy.po"
    po.parent.mkdir()
    live = 'msgctxt "joined.label"\nmsgid "First day"\nmsgstr "Diwrnod cyntaf"\n\n'
    bare = "".join(f'msgid "Old {n}"\nmsgstr "Hen {n}"\n\n' for n in (1, 2))
    aside = '#~ msgctxt "joined.label"\n#~ msgid "Day one"\n#~ msgstr "Dydd un"\n'
    po.write_text(live + bare + aside, "utf-8-sig")
    assert main(["translate", str(study), "cy"]) == FINE
    assert capsys.readouterr().out.endswith("1 kept, 90 new, 0 stale, 3 obsolete\n")
    written = po.read_text("utf-8")
    assert 'msgid "First day"\nmsgstr "Diwrnod cyntaf"' in written
    assert all(f'#~ msgstr "{old}"' in written for old in ("Hen 1", "Hen 2", "Dydd un"))
    header = 'msgid ""\nmsgstr ""\n"Language: cy\\n"\n\n'
    po.write_text(header + live + live.replace("cyntaf", "un"), "utf-8")
    before = po.read_bytes()
    assert main(["translate", str(study), "cy"]) == WRONG_USE
    said = "translations/cy.po:9 error: joined.label is translated twice; the first time is on line 5."
    assert said in capsys.readouterr().err
    assert po.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'msgid "caf\xe9"\n', "cy.po:1 error: the byte 0xe9 is not UTF-8."),
        (None, "cy.po error: the file cannot"),
    ],
)
def test_a_translation_that_cannot_be_read(
    study: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, message: str
) -> None:
    """Bytes that are no UTF-8, and a folder in the file's place, are told in plain words."""
    change(study / "study.yaml", "languages: [en]", "languages: [en, cy]")
    po = study / "translations" / "cy.po"
    po.parent.mkdir()
    po.mkdir() if content is None else po.write_bytes(content)
    assert main(["check", str(study)]) == FINDINGS
    assert message in capsys.readouterr().out


def test_ten_megabytes_of_brackets(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that nests without end is a finding at its place, never a crash of the process."""
    (study / "questionnaire.yaml").write_text("[" * 10_000_000, "utf-8")
    assert main(["check", str(study)]) == FINDINGS
    assert "questionnaire.yaml:1:51 error: lists and settings stand inside" in capsys.readouterr().out


def test_a_folder_that_cannot_be_made(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the system refuses is said with the place and the reason, exit code 2, and no traceback."""
    (study / "frozen").write_text("", "utf-8")
    assert main(["launch", str(study)]) == WRONG_USE
    assert f"{study / 'frozen'} error: the system refused: File exists." in capsys.readouterr().err


def test_a_long_chain_of_groups(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Groups made of groups without end are refused in a sentence."""
    chain = "".join(f"  g{n}: {{label: those of {n}, where: g{n - 1}}}\n" for n in range(1, 2000))
    change(
        study / "questionnaire.yaml", "groups:\n", "groups:\n  g0: {label: a, where: travel = car}\n" + chain
    )
    change(study / "questionnaire.yaml", "ask_if: drivers", "ask_if: g1999")
    assert main(["check", str(study)]) == WRONG_USE
    assert "for a long chain of groups made of groups." in capsys.readouterr().err


def test_translate_into_a_language_that_the_study_has_not(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong use is explained on standard error, exit code 2; nothing is written."""
    assert main(["translate", str(study), "cy"]) == WRONG_USE
    assert "cy is not one of the languages to translate into" in capsys.readouterr().err
    assert not (study / "translations").exists()


def test_fix_writes_codes(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--fix gives codes to a list that has none, in its order, and touches nothing else."""
    asked = study / "questionnaire.yaml"
    before = asked.read_text("utf-8")
    change(
        asked,
        "    1 car: By car\n    2 bus: By bus\n    3 walk: On foot\n",
        "    car: By car\n    bus: By bus\n    walk: On foot\n",
    )
    assert main(["check", str(study), "--fix", "--strict"]) == FINE
    assert capsys.readouterr().err == "questionnaire.yaml: 3 codes written\n"
    assert asked.read_text("utf-8") == before


def test_fix_leaves_a_broken_file_alone(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that cannot be read is not written: its fault is explained, exit code 2."""
    asked = study / "questionnaire.yaml"
    change(asked, "ask: How do you come to work?", "ask: Well: how do you come to work?")
    before = asked.read_text("utf-8")
    assert main(["check", str(study), "--fix"]) == WRONG_USE
    assert "a colon and a space inside a text" in capsys.readouterr().err
    assert asked.read_text("utf-8") == before
