"""One row of a form as one question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from topline.base.words import words
from topline.forms.choices import Choices
from topline.forms.conditions import Find, Target, Unsayable, condition_of
from topline.forms.desk import Desk
from topline.forms.languages import Languages
from topline.forms.limits import range_of
from topline.forms.rows import Item
from topline.forms.texts import label_from, one_line, paragraphs, with_pipes, words_of
from topline.study.model import Check, Kind, Order, Question
from topline.study.parse import write_condition
from topline.study.tree import Condition, Node

KINDS: Final[Mapping[str, Kind]] = {
    "single": "single", "multiple": "multiple", "rank": "rank", "text": "text",
    "date": "date", "note": "info",
    "integer": "number", "decimal": "number", "range": "number",
}  # fmt: skip
#: What tools put behind the name where a question has several columns in their files of answers.
COLUMNS: Final[Mapping[Kind, str]] = {"multiple": "/{option}"}
#: Places after the point of a `decimal` whose own numbers have fewer.
DECIMALS: Final = 2
_LISTED: Final = re.compile(r"minimal|autocomplete\w*|search(\(.*\))?")
_LEFT_OUT: Final = (
    "guidance_hint", "required_message", "default", "calculation", "repeat_count", "image", "audio", "video",
)  # fmt: skip


@dataclass
class Made:
    """A question with the texts of its other languages: tag -> the part of it -> text."""

    question: Question
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)


class QuestionMaker:
    """Makes the question of a row; `find` knows the questions before it."""

    def __init__(self, item: Item, id: str, languages: Languages, desk: Desk, find: Find) -> None:
        self.item, self.line, self.id = item, item.line, id
        self.languages, self.desk, self.find = languages, desk, find
        kind = KINDS[item.type.kind]
        if kind != "info" and is_true(self.line.get("read_only")):
            self._say("form-read-only", "read_only")
            kind = "info"
        self.made = Made(Question(kind, id))

    def _say(self, message: str, column: str, **values: object) -> None:
        self.desk.say(
            message,
            self.line.sheet,
            self.line.number,
            self.line.letter(column),
            **{"name": self.id, **values},
        )

    def make(self, choices: Choices | None, scale: str | None) -> Made:
        """The question; `choices` for kinds that have answers, `scale` if others share them."""
        kind = self.made.question.kind
        own: dict[str, Any] = {"ask_if": self._route()}
        if kind == "info":
            own |= {"text": self._info(), "required": False}
            self._left_out("constraint", "appearance", "parameters", *(["type"] if choices else []))
        else:
            own |= self._asked()
            if choices:
                own |= {"options": choices.options, "scale": scale}
                self.made.answers = choices.values
        own |= {"number": self._number, "text": self._open_text}.get(kind, dict)()
        self.made.question = replace(self.made.question, **own)
        if kind != "info":
            self._look()
            self._constraint()
            if kind != "number" or self.item.type.kind != "range":
                self._parameters()
        self._left_out(*_LEFT_OUT)
        if text := self.line.get("choice_filter"):
            self._say("form-filter-left-out", "choice_filter", text=text)
        return self.made

    # --- words

    def _words(self, name: str, shape: Any, part: str) -> str:
        """The text of a field with its pipes; its other languages are kept under `part`."""
        text = self.languages.text(self.line, name)
        for tag, other in self.languages.translations(self.line, name).items():
            self.made.texts.setdefault(tag, {})[part] = shape(with_pipes(other, self._piped))
        if not text and name == "label":
            text = words_of(self.line.get("name") or self.id)
            self._say("form-no-words", "label")
        for missing in dict.fromkeys(re.findall(r"\$\{\s*([^}]+?)\s*\}", text)):
            if self._piped(missing) is None:
                self._say("form-pipe-left-out", name, given=missing)
        return str(shape(with_pipes(text, self._piped)))

    def _piped(self, name: str) -> str | None:
        try:
            target = self.find(name)
        except Unsayable:
            return None
        return target.question.id if name else None

    def _info(self) -> str:
        """The words of a note, with its hint as a paragraph of its own."""
        text = self._words("label", paragraphs, "text")
        if not self.line.texts.get("hint"):
            return text
        hint = self._words("hint", paragraphs, "hint")
        for texts in self.made.texts.values():
            second = texts.pop("hint", "")
            if second and "text" in texts:
                texts["text"] += f"\n\n{second}"
        return f"{text}\n\n{hint}"

    def _asked(self) -> dict[str, Any]:
        ask = self._words("label", one_line, "ask")
        for texts in self.made.texts.values():
            if "ask" in texts:
                texts["label"] = label_from(texts["ask"])
        return {
            "ask": ask,
            "label": label_from(ask),
            "hint": self._words("hint", one_line, "hint") if self.line.texts.get("hint") else None,
            "required": self._required(),
            "column": self.line.get("name") + COLUMNS.get(self.made.question.kind, ""),
        }

    def _required(self) -> bool:
        given = self.line.get("required")
        if given and not is_true(given) and given.lower() not in ("no", "false", "false()", "0"):
            self._say("form-required-left-out", "required", text=given)
        return is_true(given)

    # --- conditions

    def _route(self) -> Condition | None:
        text = self.line.get("relevant")
        try:
            node = condition_of(text, self.find) if text else None
        except Unsayable as error:
            self._say("form-route-left-out", "relevant", text=text, why=error.why)
            return None
        return condition(node) if node else None

    def _constraint(self) -> None:
        text, question = self.line.get("constraint"), self.made.question
        if not text:
            return
        if question.kind == "number" and (limits := range_of(text, question.decimals == 0)):
            self.made.question = replace(question, minimum=limits[0], maximum=limits[1])
            if self.line.texts.get("constraint_message"):
                shown = one_line(self.languages.text(self.line, "constraint_message"))
                self._say("form-cell-left-out", "constraint_message", field="constraint_message", text=shown)
            return
        itself = Target(question, self.made.answers, always=True)
        try:
            rule = condition_of(text, lambda name: itself if not name else self.find(name))
        except Unsayable as error:
            self._say("form-constraint-left-out", "constraint", text=text, why=error.why)
            return
        if rule:
            given = self.line.texts.get("constraint_message")
            say = (
                self._words("constraint_message", one_line, "checks.1")
                if given
                else words("form-check", "en")
            )
            self.made.question = replace(question, checks=(Check("hard", condition(rule), say),))

    # --- settings of single kinds

    def _number(self) -> dict[str, Any]:
        if self.item.type.kind == "integer":
            return {}
        if self.item.type.kind == "decimal":
            numbers = re.findall(r"\d+\.(\d+)", self.line.get("constraint"))
            return {"decimals": max((DECIMALS, *map(len, numbers)))}
        given = parameters_of(self.line.get("parameters"))
        low, high, step = (_decimal(given.get(name, "")) for name in ("start", "end", "step"))
        low, high = low if low is not None else Decimal(0), high if high is not None else Decimal(10)
        step = step or Decimal(1)
        if step != 1:
            self._say("form-step-left-out", "parameters", text=self.line.get("parameters"))
        places = max(0, *(-int(number.as_tuple().exponent) for number in (low, high, step)))
        return {"minimum": min(low, high), "maximum": max(low, high), "decimals": places}

    def _open_text(self) -> dict[str, Any]:
        rows = self.line.get("rows")
        lines = (
            int(rows)
            if rows.isdigit() and int(rows)
            else 4
            if "multiline" in self.line.get("appearance")
            else 1
        )
        return {"lines": lines}

    def _look(self) -> None:
        given = self.line.get("appearance")
        left: list[str] = []
        look: Literal["list"] | None = None
        for word in given.split():
            if _LISTED.fullmatch(word) and self.made.question.kind == "single":
                look = "list"
            elif word != "multiline" or self.made.question.kind != "text":
                left.append(word)
        self.made.question = replace(self.made.question, look=look)
        if left:
            self._say("form-look-left-out", "appearance", text=" ".join(left))

    def _parameters(self) -> None:
        given = parameters_of(self.line.get("parameters"))
        if self.made.answers and given.pop("randomize", "").lower() == "true":
            given.pop("seed", None)
            self.made.question = replace(self.made.question, order_options=Order("shuffle"))
        if given:
            text = self.line.get("parameters")
            self._say("form-cell-left-out", "parameters", field="parameters", text=text)

    def _left_out(self, *fields: str) -> None:
        for name in fields:
            text = self.line.get(name) or one_line(self.languages.text(self.line, name))
            if text:
                self._say("form-cell-left-out", name, field=name, text=text)


def condition(node: Node) -> Condition:
    """A tree with its text."""
    return Condition(node, write_condition(node))


def is_true(text: str) -> bool:
    """Whether a cell says yes, in one of the ways that forms do."""
    return text.lower() in ("yes", "true", "true()", "1")


def parameters_of(text: str) -> dict[str, str]:
    """`start=0 end=10; step=1` as a mapping."""
    return {name.lower(): value for name, value in re.findall(r"([\w-]+)\s*=\s*([^\s;,]+)", text)}


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
