"""The rows of a form, one after the other, as the sections and questions of a study."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from topline.forms.choices import Choices
from topline.forms.columns import Line
from topline.forms.conditions import Find, Target, Unsayable, condition_of, joined
from topline.forms.desk import Desk
from topline.forms.languages import Languages
from topline.forms.names import Names, plain_name
from topline.forms.questions import Made, QuestionMaker, condition
from topline.forms.rows import Group, Item, Survey
from topline.forms.texts import one_line, with_pipes, words_of
from topline.study.model import Question, Questionnaire, Scale, Section
from topline.study.tree import Node

Texts = dict[str, dict[str, str]]  # tag -> address -> text


@dataclass(frozen=True)
class _Before:
    """A question that was made, as later conditions see it."""

    made: Made
    group: Group | None


class FormBuilder:
    """Makes the questionnaire of a survey sheet; the texts of other languages are in `texts`."""

    def __init__(
        self, survey: Survey, lists: Mapping[str, Choices], languages: Languages, desk: Desk
    ) -> None:
        self.survey, self.lists, self.languages, self.desk = survey, lists, languages, desk
        self.texts: Texts = {}
        self.questions: list[Question] = []
        self.sections: list[Section] = []
        self.before: dict[str, list[_Before]] = {}
        self.routes: dict[Group, Node | None] = {}
        self.section_of: dict[Group | None, list[str]] = {}
        names = Names(suffix="question")
        self.ids = {
            id(item): names.give(plain_name(item.line.get("name") or "note", "q_")) for item in survey.items
        }
        self.names = names
        self.scales = self._scales()

    def build(self, title: str) -> Questionnaire:
        """Build it. What a row became is told to the desk; groups without a question are said."""
        for item in self.survey.items:
            self._item(item, title)
        last = self.questions[-1] if self.questions else None
        if last is not None and last.kind == "info":  # the last words stand alone
            self.questions[-1] = replace(last, page=last.id)
        self._say_groups()
        self._say_choices()
        return Questionnaire(tuple(self.questions), tuple(self.sections), scales=tuple(self.scales.values()))

    # --- lists of answers

    def _scales(self) -> dict[str, Scale]:
        """Lists that two or more questions share; `or_other` makes a list a question's own."""
        uses = Counter(i.type.list_name for i in self.survey.items if i.type.list_name and not i.type.other)
        names = Names(suffix="scale")
        return {
            name: Scale(names.give(plain_name(name, "s_")), self.lists[name].options)
            for name, count in uses.items()
            if count > 1 and name in self.lists
        }

    def _choices(self, item: Item) -> tuple[Choices | None, str | None]:
        name = item.type.list_name
        if not name:
            return None, None
        choices = self.lists.get(name)
        if choices is None:
            where = (item.line.sheet, item.line.number, item.line.letter("type"))
            self.desk.say("form-list-missing", *where, given=name, known=", ".join(self.lists) or "none")
            return None, None
        if item.type.other:
            return choices.with_other(), None
        return choices, self.scales[name].name if name in self.scales else None

    # --- questions

    def _item(self, item: Item, title: str) -> None:
        choices, scale = self._choices(item)
        if item.type.list_name and choices is None:
            return
        section = self._section(item, title)
        maker = QuestionMaker(item, self.ids[id(item)], self.languages, self.desk, self._finder(item.group))
        made = maker.make(choices, scale)
        together = item.group is not None and not item.before and "-list" in item.group.line.get("appearance")
        page = section.name if section and together else made.question.id
        question = replace(made.question, section=section.name if section else None, page=page)
        made.question = question
        self.questions.append(question)
        if question.kind != "info":
            self.before.setdefault(item.line.get("name"), []).append(_Before(made, item.group))
        self._tell(item, made, choices, scale)

    def _tell(self, item: Item, made: Made, choices: Choices | None, scale: str | None) -> None:
        """Tell what the row, and the rows of its answers, became; keep their texts in other languages."""
        at = made.question.id
        part = "text" if made.question.kind == "info" else "ask"
        self.desk.became(item.line.sheet, item.line.number, [f"{at}.{part}"])
        for tag, texts in made.texts.items():
            self.texts.setdefault(tag, {}).update({f"{at}.{name}": text for name, text in texts.items()})
        if choices is None or made.question.kind == "info":
            return
        home = f"scales.{scale}" if scale else at
        for name, line in choices.lines.items():
            self.desk.became(line.sheet, line.number, [f"{home}.options.{name}"])
            for tag, text in choices.translations[name].items():
                self.texts.setdefault(tag, {})[f"{home}.options.{name}"] = one_line(with_pipes(text, _nobody))

    def _finder(self, group: Group | None) -> Find:
        """What a condition in a group may look at."""
        path = group.path if group else ()

        def find(name: str) -> Target:
            found = self.before.get(name, [])
            if not found:
                raise Unsayable(f"{name or '.'} is not a question that was asked before")
            if len(found) > 1:
                raise Unsayable(f"{name} is the name of several questions")
            question, where = found[0].made.question, found[0].group
            routed = [g for g in (where.path if where else ()) if g not in path and self.routes.get(g)]
            always = question.required and question.ask_if is None and not routed
            return Target(question, found[0].made.answers, always)

        return find

    # --- sections

    def _section(self, item: Item, title: str) -> Section | None:
        """The section of a row: the one that runs, or a new one where the group changes."""
        group = item.group
        running = self.sections[-1] if self.sections else None
        if group is None and running is None:
            return None
        if running and self.section_of.get(group, [""])[-1] == running.name:
            return running
        route = joined("and", nodes) if (nodes := self._routes(group)) else None
        name = self.names.give(
            plain_name(group.line.get("name") or "group", "g_") if group else "more_questions"
        )
        heading = self._heading(group, name) if group else title
        if group is None:
            where = (item.line.sheet, item.line.number, item.line.letter("name"))
            self.desk.say("form-section-made", *where, name=name, title=title)
        self.sections.append(Section(name, heading, condition(route) if route else None))
        self.section_of.setdefault(group, []).append(name)
        return self.sections[-1]

    def _heading(self, group: Group, name: str) -> str:
        for each in reversed(group.path):
            if text := self.languages.text(each.line, "label"):
                for tag, other in self.languages.translations(each.line, "label").items():
                    words = one_line(with_pipes(other, _nobody))
                    self.texts.setdefault(tag, {})[f"{name}.title"] = words
                return one_line(with_pipes(text, _nobody))
        where = (group.line.sheet, group.line.number, group.line.letter("label"))
        self.desk.say("form-no-words", *where, name=name)
        return words_of(group.line.get("name") or name)

    def _routes(self, group: Group | None) -> list[Node]:
        nodes: list[Node] = []
        for each in group.path if group else ():
            if each not in self.routes:
                self.routes[each] = self._route(each)
            if node := self.routes[each]:
                nodes.append(node)
        return nodes

    def _route(self, group: Group) -> Node | None:
        line = group.line
        text = line.get("relevant")
        try:
            return condition_of(text, self._finder(group.parent)) if text else None
        except Unsayable as error:
            values = {"name": line.get("name"), "text": text, "why": error.why}
            self.desk.say("form-route-left-out", line.sheet, line.number, line.letter("relevant"), **values)
            return None

    # --- what is left

    def _say_groups(self) -> None:
        for group in self.survey.groups:
            inside = [name for g, own in self.section_of.items() if g and group in g.path for name in own]
            for line in filter(None, (group.line, group.end)):
                if inside:
                    self._say_cells(group.line if line is group.line else None)
                    self.desk.became(line.sheet, line.number, [f"{name}.title" for name in inside])
                else:
                    values = {"name": group.line.get("name") or line.get("type")}
                    self.desk.say("form-group-empty", line.sheet, line.number, line.letter("type"), **values)

    def _say_cells(self, line: Line | None) -> None:
        """Say which cells of a group's first row have no counterpart."""
        for name in ("hint", "appearance", "required", "constraint", "default", "image", "audio", "video"):
            text = (line.get(name) or one_line(self.languages.text(line, name))) if line else ""
            if line and text and not (name == "appearance" and text == "field-list"):
                values = {"field": name, "text": text, "name": line.get("name")}
                self.desk.say("form-cell-left-out", line.sheet, line.number, line.letter(name), **values)

    def _say_choices(self) -> None:
        for line in (line for choices in self.lists.values() for line in choices.lines.values()):
            if (line.sheet, line.number) in self.desk.places:
                if not self.languages.text(line, "label"):
                    where = (line.sheet, line.number, line.letter("label"))
                    self.desk.say("form-choice-no-label", *where, value=line.get("name"))
            else:
                values = {"value": line.get("name"), "list": line.get("list_name")}
                self.desk.say(
                    "form-choice-unused", line.sheet, line.number, line.letter("list_name"), **values
                )


def _nobody(name: str) -> None:
    """Names in headings and answers are not piped."""
