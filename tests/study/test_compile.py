"""Compiling and freezing: the compiled form, its JSON, its hashes, `frozen/N/`, `topline launch`."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from topline.base import ToplineError
from topline.cli import main
from topline.study import read_study
from topline.study.compile import compile_study, translated
from topline.study.compiled import as_json, canonical, from_json
from topline.study.freeze import Change, changed, freeze, hashes, last_version, read_frozen
from topline.study.model import Study

ROOT = Path(__file__).parent.parent
KINDS = ROOT / "studies" / "every-kind"
EXAMPLES = ROOT.parent / "examples"


@pytest.fixture
def study() -> Study:
    """The study with every kind of question."""
    return read_study(KINDS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of that study, free to be edited."""
    return Path(shutil.copytree(KINDS, tmp_path / "study"))


def edited(folder: Path, old: str, new: str, file: str = "questionnaire.yaml") -> Study:
    """Edit one text of a file and load the study again."""
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return read_study(folder)


@pytest.mark.parametrize("path", [KINDS, EXAMPLES / "digital-public-services", EXAMPLES / "non-voters-2020"])
def test_compiled_form_survives_json(path: Path) -> None:
    """What is written as JSON is read back equal, and written again it is the same bytes."""
    study = read_study(path)
    compiled = compile_study(study, translated(study))
    text = as_json(compiled)
    assert from_json(text) == compiled
    assert as_json(from_json(text)) == text


def test_canonical_json_has_sorted_keys_and_no_floats() -> None:
    """Keys are sorted, letters stand as themselves, and a float is refused."""
    assert canonical({"b": 1, "a": "ŵ"}) == '{"a":"ŵ","b":1}'
    with pytest.raises(TypeError, match="no floats"):
        canonical({"a": [1.5]})


def test_every_text_shown_is_compiled(study: Study) -> None:
    """Each address in the form has its words in the first language; labels of nets and groups stay out."""
    compiled = compile_study(study)
    texts = compiled.texts["en"]
    for asked in compiled.questions.values():
        for address in (asked.ask, asked.hint, asked.title, *(each.text for each in asked.options)):
            assert address is None or texts[address]
    assert not any(".nets." in address or address.startswith("groups.") for address in texts)


def test_page_is_cut_where_a_question_hangs_on_an_earlier_one(study: Study) -> None:
    """A rank over the options chosen on its own page comes on a screen of its own: there is no script."""
    names = [screen.name for screen in compile_study(study).screens]
    assert names == ["statement", "parts", "ways", "ways-2", "numbers", "notice", "words"]


def test_start_and_thanks_frame_the_interview(study: Study) -> None:
    """An info first and an info last are the words of the start page and of the thank-you page."""
    compiled = compile_study(study)
    assert compiled.start is not None
    assert compiled.start.id == "welcome"
    assert compiled.thanks is not None
    assert compiled.thanks.id == "thanks"
    assert "welcome" not in compiled.questions


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("label: Likes the work", "label: Content with the work"),
        ("{agree: {label: Agree,", "{agree: {label: Agrees,"),
        ("label: those who agree", "label: people who agree"),
    ],
)
def test_labels_and_nets_change_no_hash(folder: Path, old: str, new: str) -> None:
    """Labels of tables, of nets and of groups may change after launch."""
    before = hashes(compile_study(read_study(folder)))
    assert hashes(compile_study(edited(folder, old, new))) == before


def test_translations_have_a_hash_of_their_own(study: Study) -> None:
    """A new translation changes its own hash and no other."""
    before = hashes(compile_study(study))
    after = hashes(compile_study(study, {"cy": {"statement.ask": "Rwy'n hoffi fy ngwaith."}}))
    assert (after.whole, after.questions) == (before.whole, before.questions)
    assert after.translations["cy"] != before.translations["cy"]
    assert after.translations["ar"] == before.translations["ar"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("I like my work at", "I love my work at", [Change("statement", ("wording",))]),
        ("2 tools: The tools", "7 tools: The tools", [Change("parts", ("answers",))]),
        ("ask_if: count(ways) >= 2", "ask_if: count(ways) >= 3", [Change("worst", ("route",))]),
        ("range: [0, 240]", "range: [0, 300]", [Change("minutes", ("settings",))]),
        ("order: flip by direction", "order: flip", [Change("statement", ("settings",))]),
        ("text: anything", "text: b", [Change("b", ("added",)), Change("anything", ("removed",))]),
        ("[strongly_agree, tend_to_agree]", "[strongly_agree]", [Change("why", ("route",))]),
    ],
)  # fmt: skip
def test_changed_names_the_question_and_how(folder: Path, old: str, new: str, expected: list[Change]) -> None:
    """Each kind of change is named with the question that it is of, and no other question is."""
    before = compile_study(read_study(folder))
    after = compile_study(edited(folder, old, new))
    assert list(changed(before, after)) == expected
    assert hashes(before).whole != hashes(after).whole


def test_moved_question_is_named_alone(study: Study) -> None:
    """Of questions in another order only those that moved are named."""
    before = compile_study(study)
    first, *rest = before.screens
    after = replace(before, screens=(*rest, first))
    assert changed(before, after) == (Change("statement", ("moved",)),)


def test_freezing_makes_version_after_version(folder: Path) -> None:
    """The first launch makes frozen/1, an unchanged study none, a changed one frozen/2 beside the first."""
    (folder / "translations").mkdir(exist_ok=True)
    target = freeze(read_study(folder), {})
    assert target == folder / "frozen" / "1"
    assert sorted(path.name for path in target.iterdir()) == [
        "compiled.json", "hashes.json", "questionnaire.yaml", "study.yaml", "translations",
    ]  # fmt: skip
    with pytest.raises(ToplineError, match="nothing that is frozen changed since version 1"):
        freeze(read_study(folder), {})
    first = read_frozen(folder, 1)
    freeze(edited(folder, "I like my work at", "I love my work at"), {})
    assert last_version(folder) == 2
    assert read_frozen(folder, 1) == first
    assert not [path for path in (folder / "frozen").iterdir() if path.name.startswith(".")]


def test_edited_version_is_not_read(folder: Path) -> None:
    """A frozen version that somebody edited is refused, since its hash does not hold."""
    target = freeze(read_study(folder), {})
    path = target / "compiled.json"
    path.write_text(path.read_text("utf-8").replace("I like", "I hate"), "utf-8")
    with pytest.raises(ToplineError, match="its hash does not hold"):
        read_frozen(folder, 1)


def test_launch_refuses_answers_without_codes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a code there is no launch; the dry run shows the same finding and writes nothing."""
    edited(folder, "{1 yes: Yes, 2 no: No}", "{yes: Yes, no: No}")
    assert main(["launch", str(folder)]) == 2
    assert "yes of full_time has no code." in capsys.readouterr().err
    assert main(["launch", str(folder), "--dry-run"]) == 1
    assert "yes of full_time has no code." in capsys.readouterr().out
    assert not (folder / "frozen").exists()


def test_dry_run_shows_hashes_pages_and_languages(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The dry run names each question with its hash, each page, each language, and what may change later."""
    assert main(["launch", str(folder), "--dry-run"]) == 0
    shown = capsys.readouterr().out
    found = hashes(compile_study(read_study(folder)))
    assert found.whole in shown
    for id, digest in found.questions.items():
        assert f"{id} " in shown
        assert digest[:16] in shown
    assert "page ways-2" in shown
    assert "Language cy: 1 of" in shown
    assert "Needs version 2: ids, codes, kinds, routes, order, wording." in shown


def test_launch_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--format json` gives the same for a program, and a launch says where it froze."""
    assert main(["launch", str(folder), "--dry-run", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["version"] == 1
    assert shown["pages"]["ways-2"] == ["worst"]
    assert main(["launch", str(folder), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"frozen": str(folder / "frozen" / "1")}
    edited(folder, "I like my work at", "I love my work at")
    assert main(["launch", str(folder), "--dry-run"]) == 0
    assert "Changed since version 1:\n  statement: wording" in capsys.readouterr().out
