"""The codebook beside a CSV file: a CSV that people can read, write and change in a spreadsheet.

One line for a column, then one for each of its values (`code` filled in). `kind` is what the column holds:
codes, number, date, text; left empty, Topline decides. `missing` names the missing kind of a value, empty for
an answer. Lines of kind `set` list the columns of a multiple response with the value that counts; lines of
kind `grid` name the columns that are rows of one question; `title`, `note`, `language` and `weight` are of
the whole file. Texts in another language stand in columns such as `label[cy]`.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any, Final

from topline.base import Mark, fail
from topline.dataset.codebook import FILE_KINDS, Grid, Labels
from topline.dataset.files.raw import RawFile, RawSet

HEADER: Final = (
    "column", "variable", "kind", "label", "text", "code", "name", "value_label", "missing", "in_base",
    "measure", "format", "width", "declared", "by",
)  # fmt: skip
_TEXTS: Final = ("label", "text", "value_label")
_COLUMN_KINDS: Final = ("codes", "number", "date", "text", "")
_FILE_LINES: Final = ("title", "note", "language", "weight", "set", "grid")
Line = Mapping[str, str]


@dataclass
class Described:
    """What a codebook says of one column, as its cells have it; codes are texts still."""

    head: Line
    labels: Labels
    texts: Labels
    values: list[tuple[str, Line, Labels]] = field(default_factory=list)  # code, line, labels


@dataclass
class DescribedFile:
    """A codebook as it was read: columns by their names in the data, and what is of the whole file."""

    languages: tuple[str, ...]
    columns: dict[str, Described] = field(default_factory=dict)
    sets: dict[str, list[Line]] = field(default_factory=dict)
    set_labels: dict[str, Labels] = field(default_factory=dict)
    grids: list[Grid] = field(default_factory=list)
    title: str = ""
    notes: list[str] = field(default_factory=list)
    weight: str = ""


def codebook_path(path: Path) -> Path:
    """Where the codebook of a CSV file lies unless somebody says otherwise: `answers.codebook.csv`."""
    return path.with_suffix(".codebook.csv")


def codebook_text(raw: RawFile) -> str:
    """The codebook of a file that is about to be written."""
    others = raw.languages[1:]
    header = [*HEADER, *(f"{name}[{language}]" for language in others for name in _TEXTS)]
    buffer = StringIO()
    writer = csv.DictWriter(buffer, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_file_lines(raw))
    for column in raw.columns:
        writer.writerows(_column_lines(raw, column))
    return buffer.getvalue()


def _said(name: str, labels: Labels, raw: RawFile) -> dict[str, str]:
    first, *others = raw.languages
    found = {name: labels.get(first, "")}
    return found | {f"{name}[{language}]": labels.get(language, "") for language in others}


def _file_lines(raw: RawFile) -> Iterator[dict[str, str]]:
    for language in raw.languages:
        yield {"kind": "language", "name": language}
    if raw.title:
        yield {"kind": "title", "label": raw.title}
    for note in raw.notes:
        yield {"kind": "note", "label": note}
    if raw.weight:
        yield {"kind": "weight", "column": raw.weight}
    for grid in raw.grids:
        yield {
            "kind": "grid",
            "variable": grid.name,
            **_said("label", grid.labels, raw),
            **_said("text", grid.texts, raw),
        }
    for entry in raw.sets:
        for column in entry.columns:
            yield {
                "kind": "set",
                "name": entry.source,
                "column": column,
                "code": "" if entry.counted is None else written_code(entry.counted),
                "by": ("value" if entry.labelled_by == "value" else "")
                + (" first" if entry.label_of_first else ""),
                **_said("label", entry.labels, raw),
            }


def _column_lines(raw: RawFile, column: Any) -> Iterator[dict[str, str]]:
    declared = [list(part) if isinstance(part, tuple) else part for part in column.declared]
    yield {
        "column": column.source,
        "variable": column.name,
        "kind": column.kind,
        **_said("label", column.labels, raw),
        **_said("text", column.texts, raw),
        "measure": "" if column.measure == "unknown" else column.measure,
        "format": column.format,
        "width": str(column.width or ""),
        "declared": json.dumps(declared, ensure_ascii=False) if declared else "",
    }
    for code in dict.fromkeys((*column.names, *column.kinds)):
        kind, in_base = column.kinds.get(code, ("", False))
        yield {
            "column": column.source,
            "code": written_code(code),
            "name": column.names.get(code, ""),
            **_said("value_label", column.value_labels.get(code, {}), raw),
            "missing": kind,
            "in_base": "yes" if in_base else "",
        }


def written_code(code: float | str) -> str:
    """A value as a cell has it: 1, not 1.0."""
    if isinstance(code, str):
        return code
    return str(int(code)) if code.is_integer() and abs(code) < 1e15 else repr(code)


def read_codebook(path: Path) -> DescribedFile:
    """Read a codebook; ToplineError with its line where something in it is not allowed."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            header = reader.fieldnames or []
            lines = [(reader.line_num, {k: v or "" for k, v in line.items() if k}) for line in reader]
    except FileNotFoundError:
        fail("codebook-missing", Mark(str(path)), file=path)
    except UnicodeDecodeError as error:
        fail("data-encoding", Mark(str(path)), reason=error.reason)
    if "column" not in header:
        fail("codebook-bad", Mark(str(path), 1), what="no heading “column”", allowed=", ".join(HEADER))
    named = [line["name"] for _, line in lines if line.get("kind") == "language"]
    found = DescribedFile(tuple(named))
    for number, line in lines:
        _add(found, line, Mark(str(path), number))
    return found


def _add(found: DescribedFile, line: Line, mark: Mark) -> None:
    kind, column = line.get("kind", ""), line.get("column", "")
    if kind in _FILE_LINES:
        _add_file_line(found, kind, line)
    elif line.get("code", "") == "" and column not in found.columns:
        if kind not in _COLUMN_KINDS:
            allowed = ", ".join(name for name in (*_COLUMN_KINDS, *_FILE_LINES) if name)
            fail("codebook-bad", mark, what=f"the kind “{kind}”", allowed=allowed)
        found.columns[column] = Described(line, _labels("label", line, found), _labels("text", line, found))
    else:
        missing = line.get("missing", "")
        if missing and missing not in FILE_KINDS:
            fail("codebook-bad", mark, what=f"the missing kind “{missing}”", allowed=", ".join(FILE_KINDS))
        head = found.columns.setdefault(column, Described(line, _labels("label", line, found), {}))
        head.values.append((line.get("code", ""), line, _labels("value_label", line, found)))


def _add_file_line(found: DescribedFile, kind: str, line: Line) -> None:
    match kind:
        case "title":
            found.title = line.get("label", "")
        case "note":
            found.notes.append(line.get("label", ""))
        case "weight":
            found.weight = line.get("column", "")
        case "set":
            found.sets.setdefault(line.get("name", ""), []).append(line)
            found.set_labels[line.get("name", "")] = _labels("label", line, found)
        case "grid":
            labels, texts = _labels("label", line, found), _labels("text", line, found)
            found.grids.append(Grid(line.get("variable", ""), labels, texts))


def _labels(name: str, line: Line, found: DescribedFile) -> Labels:
    first = found.languages[0] if found.languages else ""
    cells = {first: line.get(name, "")} | {
        language: line.get(f"{name}[{language}]", "") for language in found.languages[1:]
    }
    return {language: text for language, text in cells.items() if text}


def sets_of(found: DescribedFile, numeric: Sequence[str]) -> tuple[RawSet, ...]:
    """The response sets; the counted value is a number where the columns are."""
    sets = []
    for name, lines in found.sets.items():
        code, by = lines[0].get("code", ""), lines[0].get("by", "")
        columns = tuple(line["column"] for line in lines)
        counted = None if code == "" else float(code) if columns[0] in numeric else code
        sets.append(
            RawSet(
                name,
                columns,
                counted,
                labels=found.set_labels[name],
                labelled_by="value" if "value" in by else "column",
                label_of_first="first" in by,
            )
        )
    return tuple(sets)
