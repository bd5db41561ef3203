"""A study survives writing: what is written loads as the same values."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.study.strategies import NASTY, studies, texts

from topline.base import ToplineError
from topline.study.load import load
from topline.study.marks import Source
from topline.study.model import Net, Option, Study
from topline.study.reading.plain_yaml import read_plain_yaml
from topline.study.same import without_marks
from topline.study.write import write_folder, write_questionnaire, write_study
from topline.study.writing.plain_yaml import write_mapping

EXAMPLES = ("digital-public-services", "non-voters-2020")


def loaded(folder: Path) -> Study:
    """The study of a folder that has no error."""
    found = load(folder)
    assert [finding for finding in found.findings if finding.severity == "error"] == []
    assert found.study is not None
    return found.study


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(studies())
def test_generated_studies_survive(study: Study) -> None:
    """Any study: load -> write -> load gives equal values, and writing again gives the same text."""
    with TemporaryDirectory() as folder:
        first, second = Path(folder, "first"), Path(folder, "second")
        write_folder(study, first)
        once = loaded(first)
        assert without_marks(once) == without_marks(study)
        write_folder(once, second)
        assert without_marks(loaded(second)) == without_marks(once)
        assert (second / "questionnaire.yaml").read_text() == (first / "questionnaire.yaml").read_text()


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(texts, texts | st.lists(texts, min_size=1) | st.dictionaries(texts, texts, min_size=1))
)
@example({"Yes": ["?0"]})
def test_any_text_survives(tree: dict[str, object]) -> None:
    """Texts with any characters, as keys, in flow lists and flow mappings, read back as they were."""
    if tree:
        text = "\n".join(write_mapping(tree, 0)) + "\n"
        assert read_plain_yaml(Source("x.yaml", text)) == (tree, [])


@pytest.mark.parametrize("text", [*NASTY[3:], "word " * 40 + "end", "a #b", "# " * 80 + "x"])
def test_each_nasty_text_survives(text: str) -> None:
    """Each sign that YAML knows, alone, at the start, in the middle and at the end of a text."""
    tree = {
        "a": text,
        "b": f"{text} x",
        "c": f"x {text} x",
        "d": f"x{text}",
        "e": {"f": text, "g": [text, text]},
    }
    assert read_plain_yaml(Source("x.yaml", "\n".join(write_mapping(tree, 0)) + "\n")) == (tree, [])


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_survive(name: str, root: Path, tmp_path: Path) -> None:
    """Both example studies are written and load to equal values, in lines of 110 columns."""
    study = loaded(root / "examples" / name)
    write_folder(study, tmp_path / "new")
    assert without_marks(loaded(tmp_path / "new")) == without_marks(study)
    for file in (tmp_path / "new").iterdir():
        assert max(len(line) for line in file.read_text("utf-8").splitlines()) <= 110


def test_pages_of_several_questions_survive(root: Path, tmp_path: Path) -> None:
    """A page that is named like its first question, behind one that stands alone, keeps its questions."""
    study = loaded(root / "tests" / "studies" / "every-kind")
    assert [each.page for each in study.questionnaire.questions][1:5] == [
        "statement",
        "parts",
        "ways",
        "ways",
    ]
    write_folder(study, tmp_path / "new")
    assert without_marks(loaded(tmp_path / "new")) == without_marks(study)


def test_style(root: Path) -> None:
    """Written text is in the style of the examples: CODE NAME: label, settings in braces, few quotes."""
    study = loaded(root / "examples" / "digital-public-services")
    text = write_questionnaire(study.questionnaire)
    assert "    1 yes_much: Yes, it has moved well up the list of priorities\n" in text
    assert "    6 in_person: {label: Meeting in person, place: last}\n" in text
    assert "- page: devices\n- single: device_controls\n  ask: I would" in text
    assert "  scale: agree5\n  order: flip by direction\n" in text
    assert '"' not in text
    assert (
        '      7 bis: {label: "Department for Business, Innovation and Skills", short: BIS}\n'
        in write_study(study)
    )


def test_folder_in_use_is_refused(root: Path, tmp_path: Path) -> None:
    """A folder with anything in it is not written to, and the message says what to do."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ToplineError, match=r"is not an empty folder\. Give the name of a new one"):
        write_folder(loaded(root / "examples" / EXAMPLES[0]), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_nothing_is_left_of_a_failure(root: Path, tmp_path: Path) -> None:
    """A study that its files cannot say is refused, and neither the folder nor a part of it stays behind."""
    study = loaded(root / "examples" / EXAMPLES[0])
    first, *rest = study.questionnaire.questions
    wordless = replace(first, text=" ")
    forgotten = replace(first, options=(Option("a", "A"),))  # an info has no answers
    for broken, message in ((wordless, "text should be a text"), (forgotten, "cannot say")):
        asked = replace(study.questionnaire, questions=(broken, *rest))
        with pytest.raises(ToplineError, match=message):
            write_folder(replace(study, questionnaire=asked), tmp_path / "new")
        assert list(tmp_path.iterdir()) == []


def test_a_net_of_nothing_is_written_and_read(root: Path, tmp_path: Path) -> None:
    """`of: []`, which `not:` of every answer comes to, survives as well."""
    study = loaded(root / "examples" / EXAMPLES[0])
    first, *rest = study.questionnaire.scales
    scale = replace(first, nets=(Net("nobody", "Nobody", ()),))
    questions = tuple(replace(q, nets=scale.nets) if q.scale == first.name else q for q in study)
    asked = replace(study.questionnaire, scales=(scale, *rest), questions=questions)
    write_folder(replace(study, questionnaire=asked), tmp_path / "new")
    assert loaded(tmp_path / "new").questionnaire.scales[0].nets[0].of == ()


def test_further_files_and_an_empty_folder(root: Path, tmp_path: Path) -> None:
    """Further files are written beside the two; an empty folder may be there already."""
    study = loaded(root / "examples" / EXAMPLES[0])
    (tmp_path / "new").mkdir()
    write_folder(study, tmp_path / "new", {"translations/cy.po": 'msgid ""\n'})
    assert (tmp_path / "new" / "translations" / "cy.po").read_text() == 'msgid ""\n'
    assert [file.name for file in tmp_path.iterdir()] == ["new"]


def test_an_open_question_has_no_text_but_its_words(root: Path) -> None:
    """`text: comments` names an open question; its id is not taken for a text that respondents read."""
    study = loaded(root / "examples" / EXAMPLES[0])
    assert {question.text for question in study if question.kind == "text"} == {None}
