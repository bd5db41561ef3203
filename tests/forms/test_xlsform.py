"""Small forms of our own: what each row becomes, what is said of the rest, every fault with its place."""

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import polib
import pytest
from tests.forms.workbooks import YES_NO, workbook

from topline.base import ToplineError
from topline.cli import FINE, WRONG_USE, main
from topline.dataset import read_csv
from topline.forms.xlsform import Imported, import_form, read_xlsform
from topline.study.check import check_study
from topline.study.load import load
from topline.study.model import Order, Question
from topline.study.parse import write_condition

Rows = Sequence[Sequence[object]]
HEAD = ("type", "name", "label", "relevant", "constraint", "required", "appearance", "parameters")
CHOICES = (
    *YES_NO,
    ("colours", "Dark Red", "Red"), ("colours", "blue", "Blue"),
    ("grades", 1, "Grade 6 or below"), ("grades", 2.0, "Grade 7 and above"), ("grades", 9, "9"),
)  # fmt: skip


@pytest.fixture
def form(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Read a form of these rows of survey; further sheets by name."""

    def read(*rows: Sequence[object], **sheets: Rows) -> Imported:
        sheets.setdefault("choices", CHOICES)
        return read_xlsform(workbook(tmp_path / "form.xlsx", rows, **sheets))

    return read


def only(imported: Imported) -> Question:
    """The one question of a form."""
    (question,) = imported.study
    return question


def said(imported: Imported, *, about: str = "row") -> list[str]:
    """The messages about rows, without what is always to be decided."""
    return [finding.text for finding in imported.findings if about in finding.values]


def test_kinds_and_spellings(form) -> None:  # type: ignore[no-untyped-def]
    """Each type that is asked becomes its kind, in the spellings of old forms as well."""
    rows = [
        ("select_one yes_no", "single"), ("select one from yes_no", "single"), ("select1 yes_no", "single"),
        ("add select one prompt using yes_no", "single"), ("Select One yes_no", "single"),
        ("select_multiple yes_no", "multiple"), ("select all that apply from yes_no", "multiple"),
        ("select all that apply  from  yes_no", "multiple"), ("rank yes_no", "rank"),
        ("add select multiple prompt using yes_no", "multiple"),
        ("text", "text"), ("string", "text"), ("add text prompt", "text"), ("integer", "number"),
        ("int", "number"), ("add integer prompt", "number"), ("decimal", "number"), ("date", "date"),
        ("note", "info"), ("range", "number"),
    ]  # fmt: skip
    imported = form(HEAD, *((type, f"q{n}", "Words") for n, (type, _) in enumerate(rows)))
    assert [question.kind for question in imported.study] == [kind for _, kind in rows]
    assert said(imported) == [text for text in said(imported) if "colours" in text or "grades" in text], (
        "only unused lists are said"
    )


def test_answers_get_codes_or_data(form) -> None:  # type: ignore[no-untyped-def]
    """Whole numbers are the codes; other values are kept as data, with codes from 1; names are valid."""
    imported = form(HEAD, ("select_one colours", "c", "C?"), ("select_one grades", "g", "G?"))
    colours, grades = imported.study
    assert [(o.code, o.name, o.label, o.data) for o in colours.options] == [
        (1, "dark_red", "Red", "Dark Red"),
        (2, "blue", "Blue", "blue"),
    ]
    assert [(o.code, o.name, o.data) for o in grades.options] == [
        (1, "grade_6_or_below", None),
        (2, "grade_7_and_above", None),
        (9, "c9", None),
    ]


def test_other_and_shared_lists(form) -> None:  # type: ignore[no-untyped-def]
    """`or_other` adds an answer with a text box to this question; lists that two questions use are scales."""
    imported = form(
        HEAD,
        ("select_one yes_no or_other", "a", "A?"),
        ("select_one yes_no", "b", "B?"),
        ("select_multiple yes_no", "c", "C?"),
        ("text", "d", "D?", "${a} = 'other'"),
    )
    first, *others, last = imported.study
    assert (first.options[-1].name, first.options[-1].specify, first.options[-1].code) == (
        "other",
        "Specify other.",
        3,
    )
    assert [question.scale for question in others] == ["yes_no", "yes_no"]
    assert last.ask_if is not None
    assert last.ask_if.text == "a = other"


def test_numbers(form) -> None:  # type: ignore[no-untyped-def]
    """Bounds are a range, one bound a check with the form's words, `range` takes its parameters."""
    imported = form(
        (*HEAD, "constraint_message"),
        ("integer", "age", "Age?", "", ". >= 0 and . < 121"),
        ("integer", "n", "N?", "", ".<=26", "", "", "", "Too many!"),
        ("range", "r", "R?", "", "", "", "", "start=-1 end=2.5 step=0.5"),
        ("decimal", "d", "D?", "", ". > 0.125"),
    )
    age, n, r, d = imported.study
    assert (age.minimum, age.maximum, age.decimals) == (0, 120, 0)
    assert (write_condition(n.checks[0].rule), n.checks[0].say) == ("n <= 26", "Too many!")
    assert (r.minimum, r.maximum, r.decimals) == (-1, Decimal("2.5"), 1)
    assert (d.decimals, d.checks[0].rule.text) == (3, "d > 0.125")
    assert [text for text in said(imported) if "step" in text] == [
        "sheet survey, row 4, column H: numbers here have a range but no step; of “start=-1 end=2.5 "
        "step=0.5” the step of r is left out."
    ]


def test_names_become_ids(form) -> None:  # type: ignore[no-untyped-def]
    """Names are made valid and each once; the old one is the column; reserved words get a suffix."""
    names = [
        "HPlevel",
        "daysPerWeek",
        "full-time",
        "tel.office",
        "_1",
        "été",
        "not",
        "refused",
        "Full_Time",
        "2nd",
    ]
    imported = form(HEAD, *(("text", name, "Words") for name in names))
    assert [question.column for question in imported.study] == names
    assert [question.id for question in imported.study] == [
        "hplevel", "days_per_week", "full_time", "tel_office", "q_1", "ete", "not_question",
        "refused_question", "full_time_2", "q_2nd",
    ]  # fmt: skip


def test_groups_are_sections(form) -> None:  # type: ignore[no-untyped-def]
    """A group is a section with its route; one inside another stands under both; what follows resumes."""
    imported = form(
        HEAD,
        ("select_one yes_no", "a", "A?"),
        ("note", "before", "Now about b.", "${a} = 'yes'"),
        ("begin group", "outer", "Outer", "${a} = 'yes'", "", "", "field-list"),
        ("select_one yes_no", "b", "B?", "", "", "yes"),
        ("begin_group", "inner", "Inner", "${b} != 'no'"),
        ("text", "c", "C?"),
        ("end_group",),
        ("text", "d", "D?"),
        ("end group",),
        ("text", "e", "E?"),
    )
    asked = imported.study.questionnaire
    assert [(s.name, s.title, s.ask_if and write_condition(s.ask_if)) for s in asked.sections] == [
        ("outer", "Outer", "a = yes"),
        ("inner", "Inner", "a = yes and b != no"),
        ("outer_2", "Outer", "a = yes"),
        ("more_questions", "Form", None),
    ]
    assert {question.id: (question.section, question.page) for question in imported.study} == {
        "a": (None, "a"),
        "before": ("outer", "before"),
        "b": ("outer", "outer"),
        "c": ("inner", "c"),
        "d": ("outer_2", "outer_2"),
        "e": ("more_questions", "e"),
    }
    assert asked.by_id["before"].ask_if is None, "its section has that route"


def test_looks_orders_and_required(form) -> None:  # type: ignore[no-untyped-def]
    """Drop-down lists and random orders are taken over; an answer is required only if the form says so."""
    imported = form(
        HEAD,
        ("select_one yes_no", "a", "A?", "", "", "true()", "minimal compact", "randomize=true"),
        ("integer", "b", "B?", "", "", "${a} = 'yes'"),
        ("text", "c", "C?", "", "", "", "multiline"),
    )
    a, b, c = imported.study
    assert (a.look, a.order_options, a.required) == ("list", Order("shuffle"), True)
    assert (b.required, c.required, c.lines) == (False, False, 4)
    assert [text for text in said(imported) if "row 2" in text or "row 3" in text][:2] == [
        "sheet survey, row 2, column G: the look “compact” of a has no counterpart; left out.",
        "sheet survey, row 3, column F: b must be answered only where “${a} = 'yes'” holds, which cannot be "
        "said here; it need not be answered now.",
    ]


def test_words(form) -> None:  # type: ignore[no-untyped-def]
    """Labels for tables are cut; pipes are ours; braces and line breaks do no harm; gaps are said."""
    imported = form(
        (*HEAD, "hint"),
        ("text", "who", "A-1.2. What is your\nname?"),
        ("text", "why", "2. " + "Why did you, ${who}, come " * 4 + "here {today}?", *[""] * 5, "Say it."),
        ("integer", "howMany"),
        ("note", "bye", "Thanks, ${ghost}!\n\nBye.", *[""] * 5, "Close the window."),
    )
    who, why, many, bye = imported.study
    assert (who.ask, who.label) == ("A-1.2. What is your name?", "What is your name")
    assert why.ask.endswith("Why did you, {who|…}, come here (today)?")
    assert why.label == "Why did you, …, come Why did you, …, come Why did you …"
    assert (why.hint, many.ask) == ("Say it.", "Howmany")
    assert bye.text == "Thanks, …!\n\nBye.\n\nClose the window."
    assert [text for text in said(imported) if "survey" in text] == [
        "sheet survey, row 4, column C: how_many has no words; its name stands in their place. Write them.",
        "sheet survey, row 5, column C: a text of bye inserts ghost, which is not a question asked before "
        "it; … stands in its place. Reword it.",
    ]


def test_languages(tmp_path: Path) -> None:
    """The default language is the questionnaire's; the others are PO files with the study's addresses."""
    path = workbook(
        tmp_path / "form.xlsx",
        [
            (
                "type",
                "name",
                "label::English (en)",
                "label::Cymraeg (cy)",
                "hint::Cymraeg (cy)",
                "label::Klingon",
            ),
            ("begin group", "g", "Group", "Grŵp"),
            ("select_one yes_no", "q", "Do you, really?", "Wyt ti?", "Ateb!", "nuqneH"),
            ("text", "r", "Why, ${q}?", "Pam, ${q}?"),
            ("end group",),
        ],
        choices=[
            ("list name", "name", "label::English (en)", "label::Cymraeg (cy)"),
            ("yes_no", "yes", "Yes", "Ydw"),
            ("yes_no", "no", "No"),
        ],
        settings=[("form_title", "default_language"), ("Ffurflen", "cy")],
    )
    imported = import_form(path, tmp_path / "made")
    assert imported.study.languages == ("cy", "en", "qaa")
    assert [question.ask for question in imported.study] == ["Wyt ti?", "Pam, {q|…}?"]
    assert [option.label for option in only_first(imported).options] == ["Ydw", "No"]
    entries = polib.pofile(str(tmp_path / "made" / "translations" / "en.po"))
    assert {entry.msgctxt: entry.msgstr for entry in entries if entry.msgstr} == {
        "g.title": "Group",
        "q.ask": "Do you, really?",
        "q.label": "Do you, really",
        "q.options.yes": "Yes",
        "q.options.no": "No",
        "r.ask": "Why, {q|…}?",
        "r.label": "Why, …",
    }
    loaded = load(tmp_path / "made")
    assert loaded.study is not None
    found = [*loaded.findings, *check_study(loaded.study)]
    assert {finding.id for finding in found} == {"translation-missing"}


def only_first(imported: Imported) -> Question:
    """The first question."""
    return next(iter(imported.study))


def test_what_is_lacking_is_said(form) -> None:  # type: ignore[no-untyped-def]
    """Places, files, calculations, repeats, devices and the like are left out, each with its row."""
    types = [
        "geopoint", "image", "start", "calculate", "barcode", "time", "dateTime", "acknowledge", "deviceid",
        "select_one_from_file towns.csv", "audio", "uri:deviceid", "begin repeat", "text", "end repeat",
    ]  # fmt: skip
    imported = form(HEAD, ("text", "kept", "Kept?"), *((type, f"x{n}", "X") for n, type in enumerate(types)))
    assert only(imported).id == "kept"
    rows = [f.values["row"] for f in imported.findings if f.values.get("sheet") == "survey"]
    assert rows == list(range(3, 3 + len(types)))
    assert {f.severity for f in imported.findings if f.values.get("sheet") == "survey"} == {"warning"}


def test_conditions_that_cannot_be_said(form) -> None:  # type: ignore[no-untyped-def]
    """The question is asked of everybody, and the list says so; so for questions asked later."""
    imported = form(
        HEAD,
        ("text", "a", "A?", "${b} = 'yes'"),
        ("select_one yes_no", "b", "B?", "once(1)", "regex(., 'x')"),
        ("begin group", "g", "G", "${a} = 'x'"),
        ("text", "c", "C?"),
        ("end group",),
    )
    assert [question.ask_if for question in imported.study] == [None, None, None]
    assert imported.study.questionnaire.sections[0].ask_if is None
    assert [text.partition(": ")[2] for text in said(imported) if "survey" in text] == [
        "the condition “${b} = 'yes'” of a cannot be said here: b is not a question that was asked before. "
        "Everybody is asked now; write ask_if: by hand.",
        "the condition “once(1)” of b cannot be said here: once() has no counterpart in conditions here. "
        "Everybody is asked now; write ask_if: by hand.",
        "the constraint “regex(., 'x')” of b cannot be said here: regex() has no counterpart in conditions "
        "here. Left out.",
        "the condition “${a} = 'x'” of g cannot be said here: a is open text, of which a condition can only "
        "ask whether there is any. Everybody is asked now; write ask_if: by hand.",
    ]


Q = ("text", "q", "Q?")
FAULTS: list[tuple[str, dict[str, Rows], list[str]]] = [
    (
        "unknown type",
        {"survey": [HEAD, Q, ("select_on yes_no", "b", "B?")]},
        ["sheet survey, row 3, column A: there is no type “select_on yes_no”. Did you mean select_one?"],
    ),
    (
        "no type",
        {"survey": [HEAD, Q, ("", "b", "B?")]},
        ["sheet survey, row 3, column A: the row has no type."],
    ),
    (
        "no name",
        {"survey": [HEAD, ("text", "", "B?")]},
        ["row 2, column B: this text has no name. Give it one."],
    ),
    (
        "a name twice",
        {"survey": [HEAD, Q, ("integer", "q", "B?")]},
        ["sheet survey, row 3, column B: q is the name of row 2 of the same group. Give this one another."],
    ),
    (
        "a column twice",
        {"survey": [("type", "name", "label", "label"), ("text", "q", "A", "B")]},
        ["sheet survey, row 1, column D: label says the same as the header of column C."],
    ),
    (
        "no such list",
        {"survey": [HEAD, ("select_one towns", "q", "B?")]},
        ["sheet survey, row 2, column A: there is no list “towns” in the sheet choices. Its lists: yes_no."],
    ),
    (
        "open group",
        {"survey": [HEAD, ("begin group", "g", "G"), Q]},
        ["sheet survey, row 2, column A: the group g is never closed. Add a row of the type end group."],
    ),
    ("end alone", {"survey": [HEAD, Q, ("end group",)]}, ["row 3, column A: end group closes nothing."]),
    (
        "crossed",
        {"survey": [HEAD, ("begin group", "g", "G"), Q, ("end repeat",), ("end group",)]},
        ["row 4, column A: end repeat stands where the group of row 2 is to be closed. Write end group."],
    ),
    (
        "a value twice",
        {"survey": [HEAD, Q], "choices": [*YES_NO, ("yes_no", "yes", "Sure")]},
        ["sheet choices, row 4, column B: the list yes_no has the value yes in row 2 already."],
    ),
    (
        "no value",
        {"survey": [HEAD, Q], "choices": [*YES_NO, ("yes_no", "", "Sure")]},
        ["sheet choices, row 4, column B: the choice has no name (its value in the data)."],
    ),
    (
        "no column",
        {"survey": [("name", "label"), ("q", "Q?")]},
        ["sheet survey, row 1: there is no column type."],
    ),
    (
        "no survey",
        {"questions": [HEAD, Q]},
        ["the workbook has no sheet survey; its sheets: choices, questions."],
    ),
    ("nothing", {"survey": [HEAD, ("start", "start")]}, ["row 2, column A: no row from here on can become"]),
    (
        "several",
        {"survey": [HEAD, ("tekst", "a", "A"), Q, ("end group",)]},
        [
            "row 2, column A: there is no type “tekst”. Did you mean text?",
            "row 4, column A: end group closes",
        ],
    ),
]


@pytest.mark.parametrize(("sheets", "messages"), [fault[1:] for fault in FAULTS], ids=[f[0] for f in FAULTS])
def test_faults(sheets: dict[str, Rows], messages: list[str], tmp_path: Path) -> None:
    """A fault of the form gives its message with sheet, row and column; several come together; no study."""
    rows = {"choices": YES_NO, **sheets}
    survey = rows.pop("survey", None)
    path = workbook(tmp_path / "form.xlsx", survey or rows["questions"], **rows)
    if survey is None:
        from openpyxl import load_workbook

        book = load_workbook(path)
        del book["survey"]
        book.save(path)
    with pytest.raises(ToplineError) as error:
        import_form(path, tmp_path / "made")
    assert len(error.value.findings) == len(messages)
    for finding, message in zip(error.value.findings, messages, strict=True):
        assert message in str(finding)
        assert str(finding).startswith(f"{path} error: ")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("form.xlsx", b"not a workbook", "the workbook cannot be read: "),
        ("form.xls", b"not a workbook", "the workbook cannot be read: "),
        ("form.csv", b"type,name", "a form is a workbook of the kind .xlsx or .xls; this is .csv."),
        ("form.xlsx", None, "there is no such file."),
    ],
)
def test_files_that_are_no_workbooks(name: str, content: bytes | None, message: str, tmp_path: Path) -> None:
    """What cannot be read says so, and what to do."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ToplineError, match=re.escape(message)):
        read_xlsform(tmp_path / name)


def test_the_verb(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The verb writes the study and prints the list; faults go to standard error with exit code 2."""
    path = workbook(tmp_path / "form.xlsx", [HEAD, Q, ("image", "pic", "Pic")])
    assert main(["import-form", str(path), "-o", str(tmp_path / "made"), "--format", "json"]) == FINE
    found = json.loads(capsys.readouterr().out)
    assert [entry["values"]["row"] for entry in found if entry["id"] == "form-lacks-media"] == ["3"]
    study = (tmp_path / "made" / "study.yaml").read_text("utf-8")
    assert "# decide who publishes the survey" in study
    assert "\ninference: descriptive\n" in study
    assert main(["import-form", str(path), "-o", str(tmp_path / "made")]) == WRONG_USE
    assert "is not an empty folder" in capsys.readouterr().err


def test_choice_filters(form) -> None:  # type: ignore[no-untyped-def]
    """A value given for several filters is kept once where the form allows that, and all is said."""
    imported = form(
        ("type", "name", "label", "choice_filter"),
        ("select_one towns", "town", "Town?", "county=${county}"),
        choices=[
            ("list_name", "name", "label", "county"),
            ("towns", "king", "King", "a"),
            ("towns", "ford", "Ford", "a"),
            ("towns", "king", "King", "b"),
        ],
        settings=[("allow_choice_duplicates",), ("yes",)],
    )
    assert [option.name for option in only(imported).options] == ["king", "ford"]
    assert said(imported) == [
        "sheet survey, row 2, column D: town offers all answers of its list now; there are no filters "
        "here (“county=${county}”).",
        "sheet choices, row 1, column D: the column county of the choices has no counterpart (filters, "
        "images, sounds); left out.",
        "sheet choices, row 4, column B: the value king of the list towns stands in row 2 already, for "
        "another filter; there are no filters here, so this one is left out.",
    ]


def test_answers_of_the_other_tool_can_be_read(tmp_path: Path) -> None:
    """With `data:` the study reads the file of answers that the other tool made of the same form."""
    rows = [("select_multiple colours", "likes", "Likes?"), ("select_one yes_no", "isSure", "Sure?")]
    path = workbook(tmp_path / "form.xlsx", [HEAD, *rows, ("integer", "years", "Years?")], choices=CHOICES)
    import_form(path, tmp_path / "made")
    with (tmp_path / "made" / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("data: {file: answers.csv}\n")
    answers = "likes/Dark Red,likes/blue,isSure,years\n1,0,no,7\n1,1,yes,12\n"
    (tmp_path / "made" / "answers.csv").write_text(answers, "utf-8")
    study = load(tmp_path / "made").study
    assert study is not None
    assert [f for f in check_study(study) if f.severity == "error"] == []
    data = read_csv(study, tmp_path / "made" / "answers.csv")
    assert [list(data.option_codes("likes", name)) for name in ("dark_red", "blue")] == [[1, 1], [0, 1]]
    assert list(data.codes("is_sure")) == [1, 0]
    assert list(data.numbers("years").values) == [7, 12]
