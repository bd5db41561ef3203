"""XLSForm in: a workbook of the sheets survey, choices and settings as a study in a folder.

Every row of the three sheets becomes a part of the study, or is said to be left out, with sheet, row and
column; `Imported.places` and `Imported.findings` hold both.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

import polib

from topline.base import Finding, Mark, ToplineError, fail
from topline.base.formulas import no_formula
from topline.base.words import words
from topline.forms.build import FormBuilder
from topline.forms.choices import choices_of
from topline.forms.columns import Column, Line, lines_of
from topline.forms.desk import Desk, Place
from topline.forms.languages import Languages, languages_of
from topline.forms.names import plain_name
from topline.forms.questions import is_true
from topline.forms.rows import Survey, survey_of
from topline.forms.sheets import Sheet, read_workbook
from topline.forms.texts import words_of
from topline.study.edit import Replacement, edit_folder
from topline.study.marks import Source
from topline.study.model import Questionnaire, Study
from topline.study.reading.plain_yaml import read_plain_yaml
from topline.study.sentence import question_base
from topline.study.translations.addresses import texts_of
from topline.study.write import write_folder, write_study

NOTES: Final = "import-notes.csv"
_SHEETS: Final = {
    "survey": "survey",
    "choices": "choices",
    "choices and columns": "choices",
    "settings": "settings",
}
#: Settings that nobody but the author can know: the message that says so, by setting.
_DECIDE: Final = {
    "organisation": "form-decide-organisation",
    "population": "form-decide-population",
    "inference": "form-decide-inference",
}


@dataclass(frozen=True)
class Imported:
    """A form as a study: its texts in other languages (tag -> address -> text), what is to be said about it,
    and for each row that was taken over the addresses of its texts in the study.
    """

    study: Study
    translations: Mapping[str, Mapping[str, str]]
    findings: tuple[Finding, ...]
    places: Mapping[Place, tuple[str, ...]]


def import_form(path: str | Path, folder: str | Path) -> Imported:
    """Read a form and write its study to a new folder, with PO files and the list of what was left out.

    Errors: faults of the form, all of them, each with sheet, row and column; the folder is not empty.
    """
    imported = read_xlsform(path)
    others = {f"translations/{tag}.po": _po(imported, tag) for tag in imported.study.languages[1:]}
    write_folder(imported.study, folder, {**others, NOTES: notes_csv(imported.findings)})
    edit_folder(folder, _comments(imported))
    return imported


def read_xlsform(path: str | Path) -> Imported:
    """Read a form. Errors: the workbook cannot be read; faults of the form, all of them together."""
    desk = Desk(str(path))
    sheets = _sheets(read_workbook(path), desk)
    lines, columns = _lines(sheets, desk)
    settings = lines["settings"][0] if lines["settings"] else Line("settings", 2, {}, {})
    languages = languages_of([*lines["survey"], *lines["choices"]], settings.get("default_language"))
    survey = survey_of(lines["survey"], desk)
    twice = is_true(settings.get("allow_choice_duplicates"))
    lists = choices_of(lines["choices"], columns["choices"], languages, twice, desk)
    _same_names(survey, desk)
    builder = FormBuilder(survey, lists, languages, desk)
    title, id = _title(settings, survey, Path(path), desk)
    asked = builder.build(title)
    if not asked.questions and not desk.errors:
        desk.say("form-empty", sheets["survey"].name, 2, "A")
    if desk.errors:
        raise ToplineError(_sorted(desk.errors))
    _left_out(lines, columns, settings, desk)
    study = _with_base_texts(_study(title, id, asked, languages), desk)
    _to_decide(study, languages, desk)
    return Imported(study, builder.texts, _sorted(desk.findings), desk.places)


def notes_csv(findings: Iterable[Finding]) -> str:
    """What was left out or is to be decided, as CSV: sheet, row, column, message."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("sheet", "row", "column", "message"))
    for finding in findings:
        where = [str(finding.values.get(name, "")) for name in ("sheet", "row", "column")]
        writer.writerow(map(no_formula, (*where, finding.text)))
    return out.getvalue()


# --- sheets


def _sheets(found: Iterable[Sheet], desk: Desk) -> dict[str, Sheet]:
    sheets: dict[str, Sheet] = {}
    names = []
    for sheet in found:
        names.append(sheet.name)
        known = _SHEETS.get(" ".join(sheet.name.lower().split()))
        if known:
            sheets.setdefault(known, sheet)
        elif any(any(row) for row in sheet.rows):
            desk.say("form-sheet-left-out", sheet.name, 1, "A")
    if "survey" not in sheets:
        fail("form-sheet-missing", Mark(desk.file), sheet="survey", found=", ".join(names))
    return sheets


def _lines(sheets: Mapping[str, Sheet], desk: Desk) -> tuple[dict[str, list[Line]], dict[str, list[Column]]]:
    lines: dict[str, list[Line]] = {}
    columns: dict[str, list[Column]] = {}
    for known in ("survey", "choices", "settings"):
        sheet = sheets.get(known, Sheet(known, ()))
        lines[known], columns[known] = lines_of(sheet, desk)
        needed = {"survey": ("type", "name"), "choices": ("list_name", "name")}.get(known, ())
        for name in needed if lines[known] or known == "survey" else ():
            if name not in {column.field for column in columns[known]}:
                desk.say("form-column-missing", sheet.name, 1, "A", wanted=name)
    if desk.errors:
        raise ToplineError(_sorted(desk.errors))
    return lines, columns


def _left_out(
    lines: Mapping[str, list[Line]], columns: Mapping[str, list[Column]], settings: Line, desk: Desk
) -> None:
    """Say which columns of the survey and which settings have no counterpart."""
    for column in columns["survey"]:
        if column.field is None and any(column.header in line.fields for line in lines["survey"]):
            sheet = lines["survey"][0].sheet
            desk.say("form-column-left-out", sheet, 1, column.letter, header=column.header)
    taken = ("form_title", "form_id", "default_language", "allow_choice_duplicates")
    for name, text in settings.fields.items():
        if name not in taken:
            values = {"field": name, "text": text, "name": settings.sheet}
            desk.say("form-cell-left-out", settings.sheet, settings.number, settings.letter(name), **values)
    if settings.fields:
        desk.became(settings.sheet, settings.number, ["study.title"])
    for line in lines["settings"][1:]:
        desk.say("form-settings-row", line.sheet, line.number, "A")


def _same_names(survey: Survey, desk: Desk) -> None:
    """Two questions of one group, or two groups, may not have one name."""
    seen: dict[tuple[object, str], Line] = {}
    for where, line in [(item.group, item.line) for item in survey.items] + [
        (group.parent, group.line) for group in survey.groups
    ]:
        name = line.get("name")
        if name and (where, name) in seen:
            values = {"name": name, "row2": seen[where, name].number}
            desk.say("form-name-twice", line.sheet, line.number, line.letter("name"), **values)
        seen.setdefault((where, name), line)


# --- the study


def _title(settings: Line, survey: Survey, path: Path, desk: Desk) -> tuple[str, str]:
    """The title and the id of the study: from settings, from rows of old forms, or from the file's name."""
    rows = {name: line.get("name") or line.get("type") for name, line in survey.titles.items()}
    for line in survey.titles.values():
        desk.became(line.sheet, line.number, ["study.title"])
    title = settings.get("form_title") or rows.get("title") or words_of(path.stem)
    return " ".join(title.split()), plain_name(settings.get("form_id") or rows.get("id") or title, "form_")


def _study(title: str, id: str, asked: Questionnaire, languages: Languages) -> Study:
    unknown = words("form-not-stated", "en")
    settings: dict[str, Any] = {
        "topline": "1",
        "organisation": unknown,
        "population": unknown,
        "inference": "descriptive",
    }
    tags = (languages.base_tag or "en", *dict.fromkeys(languages.others.values()))
    return Study(id, title, "", tags, "descriptive", asked, settings=settings)


def _with_base_texts(study: Study, desk: Desk) -> Study:
    """Give a base sentence to questions whose conditions no sentence can be made from, and say so."""
    rows = {address.rpartition(".")[0]: place for place, own in desk.places.items() for address in own}
    questions = []
    for question in study:
        if question.kind != "info" and question_base(question, study) is None:
            route = question.ask_if or next(
                s.ask_if for s in study.questionnaire.sections if s.name == question.section
            )
            text = words("form-base-text", "en", condition=route.text if route else "")
            question = replace(question, base_text=text)
            desk.say("form-base-text-made", *rows[question.id], "A", name=question.id, text=text)
        questions.append(question)
    return replace(study, questionnaire=replace(study.questionnaire, questions=tuple(questions)))


def _to_decide(study: Study, languages: Languages, desk: Desk) -> None:
    """Say what the form does not know and the author must."""
    mark = Mark(desk.file)
    desk.findings.extend(Finding(id, {}, mark) for id in _DECIDE.values())
    if languages.base_tag is None:
        desk.findings.append(Finding("form-decide-language", {"tag": study.languages[0]}, mark))
    for name, tag in languages.unknown.items():
        desk.findings.append(Finding("form-decide-tag", {"language": name, "tag": tag}, mark))
    if any(question.label for question in study):
        desk.findings.append(Finding("form-decide-labels", {}, mark))
    if any(question.decimals for question in study):
        desk.findings.append(Finding("form-decide-decimals", {}, mark))


def _comments(imported: Imported) -> list[Replacement]:
    """Comments above the settings of study.yaml that are to be decided."""
    map, _ = read_plain_yaml(Source("study.yaml", write_study(imported.study)))
    said = {finding.id: finding.text for finding in imported.findings}
    return [
        Replacement(map.key(name).mark, "", "".join(f"# {line}\n" for line in wrap(said[id], 106)))
        for name, id in _DECIDE.items()
    ]


def _po(imported: Imported, tag: str) -> str:
    """The PO file of a language: every text of the study, translated where the form has it."""
    file = polib.POFile(wrapwidth=0)
    file.metadata = {"Language": tag, "Content-Type": "text/plain; charset=UTF-8"}
    known = imported.translations.get(tag, {})
    for address, text in texts_of(imported.study).items():
        # A base sentence is needed in every language; ours stands in until a translator has passed it.
        ours = address.endswith(".base_text")
        translated = text if ours else known.get(address, "")
        flags = ["fuzzy"] if ours else []
        file.append(polib.POEntry(msgctxt=address, msgid=text, msgstr=translated, flags=flags))
    return str(file).rstrip("\n") + "\n"


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """In the order of the sheets and rows; what has no row comes first."""
    order = ["", *_SHEETS]

    def place(finding: Finding) -> tuple[int, str, int]:
        sheet = str(finding.values.get("sheet", ""))
        known = order.index(sheet.lower()) if sheet.lower() in order else len(order)
        return known, sheet, int(str(finding.values.get("row", 0)))

    return tuple(sorted(findings, key=place))
