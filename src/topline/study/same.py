"""Whether two studies say the same, wherever their texts stood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from topline.study.model import Study
from topline.study.tree import Condition

#: Places, not contents.
_PLACES = frozenset({"mark", "marks", "folder", "settings"})
#: Parts of study.yaml that the model holds as values: `settings` holds them as they were written.
BUILT = frozenset({"id", "title", "languages", "attributes", "derive", "anonymity"})


def same_study(one: Study, other: Study) -> bool:
    """Whether two studies are equal, marks, folders and the spelling of conditions aside."""
    return without_marks(one) == without_marks(other)


def without_marks(value: object) -> object:
    """A study, or any part of one, as plain tuples and dicts that compare by what they say."""
    if isinstance(value, Study):
        rest = {key: item for key, item in value.settings.items() if key not in BUILT}
        return (*_fields(value), without_marks(rest))
    if isinstance(value, Condition):
        return without_marks(value.node)
    if is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    if isinstance(value, Mapping):
        return {key: without_marks(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return tuple(without_marks(item) for item in value)
    return value


def _fields(value: object) -> tuple[object, ...]:
    names = [field.name for field in fields(value) if field.name not in _PLACES]  # type: ignore[arg-type]
    return (type(value).__name__, *(without_marks(getattr(value, name)) for name in names))
