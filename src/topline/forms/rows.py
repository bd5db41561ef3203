"""The survey sheet as a list of rows with their groups: groups closed, repeats set aside, types read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from topline.forms.columns import Line
from topline.forms.desk import Desk
from topline.forms.types import RowType, nearest_type, read_type


@dataclass(eq=False)
class Group:
    """A group that is open: its first row, the group around it, and the row that ends it."""

    line: Line
    parent: Group | None
    end: Line | None = None

    @property
    def path(self) -> tuple[Group, ...]:
        """The groups around it and itself, outermost first."""
        return (*(self.parent.path if self.parent else ()), self)


@dataclass(frozen=True)
class Item:
    """A row that may become a question, or a text; `before`: it stood before its group, on its own page."""

    line: Line
    type: RowType
    group: Group | None
    before: bool = False


@dataclass
class Survey:
    """The survey sheet, read."""

    items: list[Item] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    titles: dict[str, Line] = field(default_factory=dict)  # `title` and `id` from rows of old forms


def survey_of(lines: Iterable[Line], desk: Desk) -> Survey:
    """Sort the rows; what Topline lacks is said with its row, and faults of the form are errors."""
    walk = _Walk(desk)
    for line in lines:
        walk.row(line)
    for kind, group in walk.open:
        walk.say("form-block-open", group.line, "type", kind=kind, name=group.line.get("name"))
    return walk.survey


class _Walk:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.survey = Survey()
        self.open: list[tuple[str, Group]] = []

    def say(self, id: str, line: Line, field: str, **values: object) -> None:
        self.desk.say(id, line.sheet, line.number, line.letter(field), **values)

    def row(self, line: Line) -> None:
        if not line.get("type"):
            self.say("form-type-missing", line, "type")
            return
        type = read_type(line.get("type"))
        name = line.get("name")
        if type.act == "unknown":
            near = nearest_type(line.get("type"))
            self.say("form-type-unknown", line, "type", given=line.get("type"), near=near)
        elif type.act == "begin":
            self.begin(line, type)
        elif type.act == "end":
            self.end(line, type)
        elif any(kind == "repeat" for kind, _ in self.open):
            self.say("form-in-repeat", line, "type", name=name or line.get("type"))
        elif type.act == "lacking":
            self.say(type.kind, line, "type", name=name or line.get("type"), type=line.get("type"))
        elif type.act in ("title", "id"):
            self.survey.titles[type.act] = line
        elif not name and type.kind != "note":
            self.say("form-name-missing", line, "name", type=line.get("type"))
        else:
            self.survey.items.append(Item(line, type, self.open[-1][1] if self.open else None))

    def begin(self, line: Line, type: RowType) -> None:
        group = Group(line, self.open[-1][1] if self.open else None)
        inside = any(kind == "repeat" for kind, _ in self.open)
        self.open.append((type.kind, group))
        if type.kind == "repeat":
            self.say("form-lacks-repeat", line, "type", name=line.get("name") or "")
        elif inside:
            self.say("form-in-repeat", line, "type", name=line.get("name") or line.get("type"))
        else:
            self.survey.groups.append(group)
            self.gather(group)

    def gather(self, group: Group) -> None:
        """Take notes that stand right before a group for its first words, if the same people see both."""
        items = self.survey.items
        start = len(items)
        while start and self.leads(items[start - 1], group):
            start -= 1
        for place in range(start, len(items)) if start else ():  # the first words of all stand alone
            item = items[place]
            fields = {name: text for name, text in item.line.fields.items() if name != "relevant"}
            items[place] = Item(replace(item.line, fields=fields), item.type, group, before=True)

    def leads(self, item: Item, group: Group) -> bool:
        same = group.line.get("relevant") in ("", item.line.get("relevant"))
        return item.type.kind == "note" and item.group is group.parent and same

    def end(self, line: Line, type: RowType) -> None:
        if not self.open:
            self.say("form-block-not-begun", line, "type", kind=type.kind)
            return
        kind, group = self.open[-1]
        if kind != type.kind:
            values = {"kind": type.kind, "open": kind, "row2": group.line.number}
            self.say("form-block-crossed", line, "type", **values)
            return
        self.open.pop()
        group.end = line
        if kind == "repeat" or any(kind == "repeat" for kind, _ in self.open):
            self.say("form-in-repeat", line, "type", name=line.get("type"))
