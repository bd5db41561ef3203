"""The codebook as plain data, for the metadata of a Parquet file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from topline.dataset.codebook import Codebook, Column, Grid, ResponseSet, Value


def codebook_to_json(book: Codebook) -> dict[str, Any]:
    """Lists, dicts, texts and numbers; what is empty is left out."""
    found: dict[str, Any] = _plain(book)
    return found


def codebook_from_json(found: Mapping[str, Any]) -> Codebook:
    """The codebook again, equal to the one that was written."""
    return Codebook(
        languages=tuple(found["languages"]),
        columns=tuple(_column(column) for column in found["columns"]),
        sets=tuple(
            ResponseSet(**{**entry, "columns": tuple(entry["columns"])}) for entry in found.get("sets", ())
        ),
        grids=tuple(Grid(**grid) for grid in found.get("grids", ())),
        title=found.get("title", ""),
        notes=tuple(found.get("notes", ())),
        weight=found.get("weight", ""),
    )


def _column(found: Mapping[str, Any]) -> Column:
    parts = dict(found)
    for name in ("values", "missing"):
        parts[name] = tuple(Value(**{"code": None, **value}) for value in found.get(name, ()))
    parts["declared"] = tuple(
        tuple(part) if isinstance(part, list) else part for part in found.get("declared", ())
    )
    return Column(**parts)


def _is_empty(key: str, value: Any) -> bool:
    """Whether a part need not be written; "" is a code among texts."""
    return value is None or value in ((), {}) or (value == "" and key not in ("code", "counted"))


def _plain(value: Any) -> Any:
    """A value without what is empty: "", None, no entries. False and 0 stay; texts lose their marks."""
    if is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items() if not _is_empty(key, part)}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, str) else value
