"""The variables of a DDI document: groups for grids, multiple responses and rankings, then every column.

A missing kind that is in the base is a valid value with its label (`missing="N"`), as SEMANTICS.md section 1
has it; every other one has `missing="Y"`. A net is a group of categories.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree as ET

from topline.documents.codebook import Block, Codebook, Column, Value
from topline.documents.ddi_parts import Parts, plain

_GROUPS: Final[Mapping[str, str]] = {"grid": "grid", "multiple": "multipleResp", "rank": "other"}
_DOMAINS: Final[Mapping[str, str]] = {
    "single": "category", "grid": "category", "multiple": "multiple", "rank": "other", "number": "numeric",
    "date": "datetime", "text": "text",
}  # fmt: skip
_TYPES: Final[Mapping[str, str]] = {
    "number": "numeric",
    "weight": "numeric",
    "date": "datetime",
    "text": "text",
    "id": "text",
}


def add_variables(parts: Parts, parent: ET.Element) -> None:
    """Write every group and variable of the codebook."""
    for place, block in enumerate(parts.first.blocks):
        if block.kind in _GROUPS:
            _group(parts, parent, place, block)
    for place, block in enumerate(parts.first.blocks):
        for number, column in enumerate(block.columns):
            _variable(parts, parent, (place, number), block, column)


def _group(parts: Parts, parent: ET.Element, place: int, block: Block) -> None:
    attributes = {"ID": f"{block.name}-group", "type": _GROUPS[block.kind], "name": block.name}
    if block.kind == "rank":
        attributes["otherType"] = "ranking"
    attributes["var"] = " ".join(column.variable for column in block.columns)
    group = ET.SubElement(parent, "varGrp", attributes)
    parts.said(group, "labl", lambda book: book.blocks[place].label)
    parts.said(group, "txt", lambda book: book.blocks[place].text)
    parts.own(group, "universe", block.base)


def _variable(parts: Parts, parent: ET.Element, place: tuple[int, int], block: Block, column: Column) -> None:
    """Write one column; `place` finds it in the other languages' codebooks."""

    def here(book: Codebook) -> Column:
        return book.blocks[place[0]].columns[place[1]]

    var = ET.SubElement(parent, "var", dict(_attributes(block, column)))
    parts.said(var, "labl", lambda book: _label(book.blocks[place[0]], here(book)))
    if block.kind in ("text", "id"):
        parts.own(var, "security", parts.word(f"security-{block.kind}"))
    if block.source == "question":
        _question(parts, var, place, block, column)
    _range(var, block)
    parts.own(var, "universe", block.base)
    names = {value.name for value in column.values}
    for number, net in enumerate(block.nets):
        if names.issuperset(net.of):
            of = " ".join(_id(column, name) for name in net.of)
            group = ET.SubElement(var, "catgryGrp", {"ID": _id(column, f"{net.name}-net"), "catgry": of})
            parts.said(group, "labl", lambda book, n=number: book.blocks[place[0]].nets[n].label)  # type: ignore[misc]
    for number, value in enumerate(column.values):
        category = ET.SubElement(var, "catgry", dict(_category(column, value)))
        plain(category, "catValu", value.code)
        parts.said(category, "labl", lambda book, n=number: here(book).values[n].label)  # type: ignore[misc]
    if block.source in ("derived", "attribute") and not column.name:
        parts.own(ET.SubElement(var, "derivation"), "drvdesc", " ".join(block.notes))
    format = "numeric" if _TYPES.get(block.kind) == "numeric" or _all_numbers(column) else "character"
    ET.SubElement(var, "varFormat", {"type": format, "schema": "other", "otherSchema": "CSV"})
    for note in _notes(block):
        parts.own(var, "notes", note)


def _question(parts: Parts, var: ET.Element, place: tuple[int, int], block: Block, column: Column) -> None:
    attributes = {"ID": f"{column.variable}-question", "responseDomainType": _DOMAINS[block.kind]}
    if attributes["responseDomainType"] == "other":
        attributes["otherResponseDomainType"] = "ranking"
    question = ET.SubElement(var, "qstn", attributes)
    if len(block.columns) > 1:
        parts.said(question, "preQTxt", lambda book: book.blocks[place[0]].text)
        parts.said(question, "qstnLit", lambda book: book.blocks[place[0]].columns[place[1]].label)
    else:
        parts.said(question, "qstnLit", lambda book: book.blocks[place[0]].text)
    parts.said(question, "postQTxt", lambda book: book.blocks[place[0]].hint)


def _attributes(block: Block, column: Column) -> Iterator[tuple[str, str]]:
    yield "ID", column.variable
    yield "name", column.name or column.variable
    if block.kind == "weight":
        yield "wgt", "wgt"
    if block.decimals is not None:
        yield "dcml", str(block.decimals)
    yield "intrvl", "contin" if block.kind in ("number", "date", "weight") else "discrete"
    yield "representationType", _TYPES.get(block.kind, "code")


def _category(column: Column, value: Value) -> Iterator[tuple[str, str]]:
    missing = value.missing and not value.in_base
    yield "ID", _id(column, value.name)
    yield "missing", "Y" if missing else "N"
    if missing:
        yield "missType", value.name


def _range(var: ET.Element, block: Block) -> None:
    if block.low or block.high:
        ends = {name: end for name, end in (("min", block.low), ("max", block.high)) if end}
        units = {} if block.kind == "date" else {"UNITS": "REAL" if block.decimals else "INT"}
        ET.SubElement(ET.SubElement(var, "valrng"), "range", {**units, **ends})


def _label(block: Block, column: Column) -> str:
    return f"{block.label}: {column.label}" if len(block.columns) > 1 else block.label


def _notes(block: Block) -> Iterator[str]:
    if block.asked and block.asked.condition:
        yield f"ask_if: {block.asked.condition}"
    for name, numbers in block.scores.items():
        yield f"{name}: {', '.join(f'{answer}={number}' for answer, number in numbers.items())}"
    yield from block.orders
    yield from (f"{rule}: {say}" for rule, say in block.checks)
    if block.source in ("question", "split", "file"):
        yield from block.notes


def _all_numbers(column: Column) -> bool:
    return bool(column.values) and all(value.code.lstrip("-").isdigit() for value in column.values)


def _id(column: Column, name: str) -> str:
    return f"{column.variable}-{name}"
