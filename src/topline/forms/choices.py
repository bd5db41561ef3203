"""The choices sheet as lists of answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as field_

from topline.base.words import words
from topline.forms.columns import Column, Line
from topline.forms.desk import Desk
from topline.forms.languages import Languages
from topline.forms.names import Names, plain_name, short_name
from topline.forms.texts import one_line, with_pipes
from topline.study.model import Option


@dataclass(frozen=True)
class Choices:
    """One list: its answers, their names by their values in the form, and the row of each."""

    name: str
    options: tuple[Option, ...]
    values: Mapping[str, str]
    lines: Mapping[str, Line]  # by name of the answer
    translations: Mapping[str, Mapping[str, str]] = field_(default_factory=dict)  # name -> tag -> text

    def with_other(self) -> Choices:
        """The list with the answer that `or_other` adds, in words that forms use."""
        names = Names(self.values.values())
        name = names.give("other")
        code = max((option.code or 0 for option in self.options), default=0) + 1
        label, specify = words("form-other", "en"), words("form-other-specify", "en")
        other = Option(name, label, code, specify=specify, data="other")
        return Choices(
            self.name,
            (*self.options, other),
            {**self.values, "other": name},
            self.lines,
            self.translations,
        )


def choices_of(
    lines: Iterable[Line], columns: Iterable[Column], languages: Languages, twice: bool, desk: Desk
) -> dict[str, Choices]:
    """Build the lists. `twice`: a value may be given again for another filter, and the first one stands."""
    by_list: dict[str, list[Line]] = {}
    for column in columns:
        if column.field is None or column.field in ("image", "audio", "video"):
            values = {"header": column.header}
            desk.say("form-choice-column", _sheet(lines), 1, column.letter, **values)
    for line in lines:
        if not line.get("list_name"):
            desk.say("form-choice-no-list", line.sheet, line.number, line.letter("list_name"))
        elif not line.get("name"):
            desk.say("form-choice-no-name", line.sheet, line.number, line.letter("name"))
        else:
            by_list.setdefault(line.get("list_name"), []).append(line)
    return {name: _list(name, _once(own, twice, desk), languages) for name, own in by_list.items()}


def _sheet(lines: Iterable[Line]) -> str:
    return next((line.sheet for line in lines), "choices")


def _once(lines: list[Line], twice: bool, desk: Desk) -> list[Line]:
    kept: dict[str, Line] = {}
    for line in lines:
        value = line.get("name")
        if value in kept:
            values = {"value": value, "list": line.get("list_name"), "row2": kept[value].number}
            id = "form-choice-filtered" if twice else "form-choice-twice"
            desk.say(id, line.sheet, line.number, line.letter("name"), **values)
        else:
            kept[value] = line
    return list(kept.values())


def _list(name: str, lines: list[Line], languages: Languages) -> Choices:
    numbers = all(re.fullmatch(r"0|[1-9]\d{0,8}", line.get("name")) for line in lines)
    names = Names()
    options: list[Option] = []
    values: dict[str, str] = {}
    of_line: dict[str, Line] = {}
    translations: dict[str, Mapping[str, str]] = {}
    for place, line in enumerate(lines, start=1):
        value, label = line.get("name"), languages.text(line, "label")
        given = names.give(short_name(label, "c") if numbers and label else plain_name(value, "c"))
        options.append(
            Option(
                given,
                one_line(with_pipes(label, lambda name: None)) or value,
                int(value) if numbers else place,
                data=None if numbers else value,
            )
        )
        values[value], of_line[given] = given, line
        translations[given] = languages.translations(line, "label")
    return Choices(name, tuple(options), values, of_line, translations)
