"""The columns of an XLSForm: many spellings of one field, and texts in several languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from topline.forms.desk import Desk
from topline.forms.sheets import Sheet, column_letter

#: Spellings in the wild, oldest forms among them; the key is compared without spaces, - and _.
_FIELDS: Final = {
    "type": "type", "command": "type",
    "name": "name", "value": "name", "tag": "name",
    "label": "label", "caption": "label",
    "hint": "hint", "guidancehint": "guidance_hint",
    "relevant": "relevant", "relevance": "relevant", "skippattern": "relevant",
    "constraint": "constraint",
    "constraintmessage": "constraint_message", "constraintmsg": "constraint_message",
    "required": "required",
    "requiredmessage": "required_message", "requiredmsg": "required_message",
    "readonly": "read_only",
    "appearance": "appearance",
    "default": "default",
    "calculation": "calculation", "calculate": "calculation",
    "choicefilter": "choice_filter",
    "repeatcount": "repeat_count", "count": "repeat_count",
    "parameters": "parameters",
    "rows": "rows",
    "listname": "list_name", "list": "list_name",
    "image": "image", "bigimage": "image", "audio": "audio", "video": "video",
    "formtitle": "form_title", "title": "form_title",
    "formid": "form_id", "idstring": "form_id",
    "defaultlanguage": "default_language",
    "allowchoiceduplicates": "allow_choice_duplicates",
}  # fmt: skip
#: Fields that may be written once for each language, as `label::French (fr)`.
TRANSLATED: Final = (
    "label", "hint", "guidance_hint", "constraint_message", "required_message", "image", "audio", "video",
)  # fmt: skip
_PREFIXES: Final = ("bind", "jr", "media", "body", "control")


@dataclass(frozen=True)
class Column:
    """One column: its letter and header, the field it holds (None: unknown) and the language of its texts."""

    index: int
    header: str
    field: str | None
    language: str = ""

    @property
    def letter(self) -> str:
        """A, B, C ..."""
        return column_letter(self.index)


@dataclass(frozen=True)
class Line:
    """One row of a sheet that holds anything: its fields, and its texts by field and language."""

    sheet: str
    number: int
    fields: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    letters: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """A field that has no languages; empty if it is not there."""
        return self.fields.get(name, "")

    def letter(self, name: str) -> str:
        """The column of a field, as a person finds it."""
        return self.letters.get(name, "A")


def lines_of(sheet: Sheet, desk: Desk) -> tuple[list[Line], list[Column]]:
    """The rows of a sheet under its header; columns without anything in them do not count.

    A column that is given twice is an error: which of the two is meant?
    """
    shown = sheet.name
    if not sheet.rows:
        return [], []
    columns = [_column(index, header) for index, header in enumerate(sheet.rows[0]) if header]
    filled = [c for c in columns if any(c.index < len(row) and row[c.index] for row in sheet.rows[1:])]
    seen: dict[tuple[str | None, str], Column] = {}
    for column in filled:
        key = (column.field, column.language) if column.field else (None, column.header)
        if key in seen:
            values = {"header": column.header, "first": seen[key].letter}
            desk.say("form-column-twice", shown, 1, column.letter, **values)
        else:
            seen[key] = column
    letters: dict[str, str] = {}
    for column in (*filled, *columns):
        letters.setdefault(column.field or column.header, column.letter)
    return list(_lines(sheet, columns, letters)), columns


def _lines(sheet: Sheet, columns: list[Column], letters: Mapping[str, str]) -> Iterator[Line]:
    for number, row in enumerate(sheet.rows[1:], start=2):
        fields: dict[str, str] = {}
        texts: dict[str, dict[str, str]] = {}
        for column in columns:
            cell = row[column.index] if column.index < len(row) else ""
            if not cell:
                continue
            if column.field in TRANSLATED:
                texts.setdefault(str(column.field), {})[column.language] = cell
            else:
                fields[column.field or column.header] = cell
        if fields or texts:
            yield Line(sheet.name, number, fields, texts, letters)


def _column(index: int, header: str) -> Column:
    """Read a header: `bind: relevant`, `label::French (fr)`, `media::audio::chinese`, `jr:constraintMsg`."""
    parts = [part.strip() for part in re.split(r":+", header) if part.strip()]
    while len(parts) > 1 and parts[0].lower() in _PREFIXES:
        parts = parts[1:]
    name = _FIELDS.get(re.sub(r"[\s_-]", "", parts[0].lower())) if parts else None
    language = ":".join(parts[1:])
    if name is None or (language and name not in TRANSLATED):
        return Column(index, header, None)
    return Column(index, header, name, language)
