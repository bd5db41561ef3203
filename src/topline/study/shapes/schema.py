"""JSON Schema (draft 2020-12) of a study's files, made from the shapes: editors complete and check by it.

A shape sees text only; an editor sees what YAML 1.2 makes of it (`3` a number, `true` a flag), so a scalar is
allowed in each type that its text could have. Kinds of questions are told apart by `if`/`then`, not `oneOf`:
a fault is then reported at its setting, and not as “matches none of ten schemas”.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from topline.study.shapes.engine import (
    CODE_NAME,
    NAME,
    Either,
    Items,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Scalar,
    Shape,
)
from topline.study.shapes.questionnaire import QUESTIONNAIRE
from topline.study.shapes.study import STUDY, WAVES

Schema = dict[str, object]

#: Every file of a study that has a shape, by the name of its schema.
FILES: Final[Mapping[str, Record]] = {"study": STUDY, "questionnaire": QUESTIONNAIRE, "waves": WAVES}
BASE: Final = "https://topline.example/schema/1"

_ANY_SCALAR: Final = ["string", "number", "boolean"]
_NUMBER: Final = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
_DAY: Final = r"^\d{4}-\d{2}-\d{2}$"
_SCALARS: Final[Mapping[str, Schema]] = {
    "name": {"type": "string", "pattern": f"^{NAME.pattern}$"},
    "code name": {"type": "string", "pattern": f"^{CODE_NAME.pattern}$"},
    "whole": {"type": ["integer", "string"], "pattern": r"^-?\d+$"},
    "number": {"type": ["number", "string"], "pattern": _NUMBER},
    "date": {"type": "string", "pattern": _DAY},
    "number or date": {"type": ["number", "string"], "pattern": f"{_NUMBER}|{_DAY}"},
    "flag": {"enum": [True, False, "true", "false"]},
}
_NAMES_OF_TYPES: Final = {"text": "string", "items": "array", "map": "object"}


def json_schema(name: str) -> Schema:
    """The schema of a file; `name` is a key of `FILES`."""
    maker = _Maker()
    root = maker.record(FILES[name])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{BASE}/{name}.json",
        **root,
        "$defs": dict(sorted(maker.definitions.items())),
    }


def schema_files() -> Iterator[tuple[str, str]]:
    """Each schema as the path of its file in the project, and the file's text."""
    for name in FILES:
        yield f"schema/1/{name}.json", json.dumps(json_schema(name), indent=1, ensure_ascii=False) + "\n"


class _Maker:
    """Turns shapes into schemas; each record becomes one definition, wherever it is used."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}
        self._names: dict[int, str] = {}

    def schema(self, shape: Shape) -> Schema:
        match shape:
            case Scalar():
                return _scalar(shape)
            case OneOf(words):
                others = [typed for word in words if (typed := _core(word)) != word]
                return {"enum": [*words, *others]}
            case ListOf(item, exactly):
                length = {"minItems": exactly, "maxItems": exactly} if exactly is not None else {}
                return {"type": "array", "items": self.schema(item), **length}
            case MapOf(key, item):
                return {"type": "object", "minProperties": 1, **self.open(key, self.schema(item))}
            case Record():
                return self.reference(shape)
            case Either():
                return self.either(shape)
            case Items():
                return self.items(shape)
        raise TypeError(f"no schema is made of {type(shape).__name__}")

    def open(self, key: Scalar, item: Schema) -> Schema:
        """Keys that the author chooses."""
        pattern = _scalar(key).get("pattern")
        if isinstance(pattern, str):
            return {"patternProperties": {pattern: item}, "additionalProperties": False}
        return {"additionalProperties": item}

    def reference(self, shape: Record) -> Schema:
        if id(shape) not in self._names:
            base = shape.title.replace(" ", "_")
            taken = [name for name in self._names.values() if name.rstrip("0123456789") == base]
            name = f"{base}{len(taken) + 1}" if taken else base
            self._names[id(shape)] = name
            self.definitions[name] = {}  # its place: a record that holds itself must not be made twice
            self.definitions[name] = self.record(shape)
        return {"$ref": f"#/$defs/{self._names[id(shape)]}"}

    def record(self, shape: Record) -> Schema:
        properties = {
            name: {**self.schema(setting.shape), "description": setting.doc}
            for name, setting in shape.settings.items()
        }
        required = [name for name, setting in shape.settings.items() if setting.required]
        made: Schema = {"title": shape.title}
        if shape.doc:
            made["description"] = shape.doc
        body: Schema = {"properties": properties, "additionalProperties": False}
        if shape.open is not None:
            body |= self.open(shape.open[0], self.schema(shape.open[1]))
        if required:
            body["required"] = required
        if shape.short is None:
            return {**made, "type": "object", **body}
        return {**made, "if": {"type": "object"}, "then": body, "else": self.schema(shape.short)}

    def either(self, shape: Either) -> Schema:
        parts = {name: getattr(shape, name) for name in ("map", "items", "text")}
        schemas = [
            (_NAMES_OF_TYPES[name], self.schema(part)) for name, part in parts.items() if part is not None
        ]
        made = schemas[-1][1]
        for type_name, schema in reversed(schemas[:-1]):
            made = {"if": {"type": type_name}, "then": schema, "else": made}
        return made

    def items(self, shape: Items) -> Schema:
        """A list of records whose kind is a setting of their own; `info` may hold `text`, also a kind."""
        cases: list[Schema] = []
        for kind, record in shape.kinds.items():
            owners = [other for other, its in shape.kinds.items() if other != kind and kind in its.settings]
            condition: Schema = {"required": [kind]}
            if owners:
                condition["not"] = {"anyOf": [{"required": [owner]} for owner in owners]}
            cases.append({"if": condition, "then": self.schema(record)})
        some: Schema = {"type": "object", "anyOf": [{"required": [kind]} for kind in shape.kinds]}
        return {"type": "array", "minItems": 1, "items": {**some, "allOf": cases}}


def _scalar(shape: Scalar) -> Schema:
    made: Schema = dict(_SCALARS.get(shape.kind, {"type": _ANY_SCALAR, "pattern": r"\S"}))
    if shape.minimum is not None:
        made["minimum"] = shape.minimum
        made["pattern"] = r"^0*[1-9]\d*$" if shape.minimum == 1 else r"^\d+$"
    return made


def _core(word: str) -> str | int | bool:
    """What YAML 1.2 makes of one of our fixed words."""
    if word in ("true", "false"):
        return word == "true"
    return int(word) if word.isdigit() else word
