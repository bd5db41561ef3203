"""Conditions from text, and back (grammar: FORMAT.md section 5, docs/reference/expressions.md).

`and` and `or` at one level need parentheses: whoever reads the routes is no programmer, and must not have to
know which of the two binds closer.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final, NoReturn, cast

from topline.base import Mark, fail
from topline.study.lexer import RESERVED, Token, tokens
from topline.study.marks import at
from topline.study.tree import (
    And,
    Compare,
    Comparison,
    Condition,
    Count,
    Has,
    In,
    InGroup,
    Is,
    Node,
    Not,
    Or,
    Ref,
)

_ORDERED: Final = ("<", "<=", ">", ">=")
_COMPARISONS: Final = ("=", "!=", *_ORDERED)
_DEEPEST: Final = 50  # what reads the tree calls itself at each level
_AFTER_NAME: Final = "= != < <= > >= in, not in, has, is; or nothing, if it is a group"


def parse_condition(text: str) -> Condition:
    """Parse a condition; ToplineError with the exact place and what may stand there if it is not one."""
    if not text.strip():
        fail("expression-empty", at(text, 0))
    parser = _Parser(text)
    node = parser.expression()
    if not parser.ended:
        parser.unexpected("and, or, the end")
    return Condition(node, str(text), at(text, 0))


def write_condition(node: Node | Condition) -> str:
    """The canonical text of a condition: `parse_condition(write_condition(node)).node == node`."""
    match node:
        case Condition():
            return write_condition(node.node)
        case Compare(ref, op, value):
            return f"{ref} {op} {format(value, 'f') if isinstance(value, Decimal) else value}"
        case In(ref, values, negated):
            return f"{ref} {'not in' if negated else 'in'} {_list(values)}"
        case Has(ref, values, how):
            return f"{ref} has {values[0] if how == 'any' and len(values) == 1 else f'{how} {_list(values)}'}"
        case Count(ref, op, value):
            return f"count({ref}) {op} {value}"
        case Is(ref, state, negated):
            return f"{ref} is {'not ' if negated else ''}{state}"
        case InGroup(name):
            return name
        case Not(part):
            return f"not {_nested(part)}"
        case And(parts):
            return " and ".join(map(_nested, parts))
        case Or(parts):
            return " or ".join(map(_nested, parts))


def _nested(node: Node) -> str:
    return f"({write_condition(node)})" if isinstance(node, And | Or) else write_condition(node)


def _list(values: tuple[str, ...]) -> str:
    return f"[{', '.join(values)}]"


class _Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.index = 0
        self.depth = 0

    @property
    def here(self) -> Token:
        return self.tokens[self.index]

    @property
    def ended(self) -> bool:
        return self.here.kind == "end"

    @property
    def before(self) -> str:
        """Say what stands before this token, for messages."""
        return f"after “{self.tokens[self.index - 1].text}”" if self.index else "at the start"

    def mark(self, token: Token) -> Mark | None:
        return at(self.text, token.start)

    def take(self) -> Token:
        token = self.here
        self.index += 1
        return token

    def accept(self, *words: str) -> Token | None:
        """Take the token if it is one of these words or signs."""
        return self.take() if self.here.text in words else None

    def unexpected(self, expected: str) -> NoReturn:
        if self.ended:
            fail("expression-ends", self.mark(self.here), after=self.before, expected=expected)
        fail(
            "expression-expected",
            self.mark(self.here),
            found=self.here.text,
            after=self.before,
            expected=expected,
        )

    def word(self, expected: str) -> Token:
        if self.here.kind != "word" or self.here.text in RESERVED:
            self.unexpected(expected)
        return self.take()

    # --- and, or, not, parentheses

    def expression(self) -> Node:
        """Read parts joined by `and`, or by `or`; both at one level are an error with the two readings."""
        parts, joins, texts = list[Node](), list[Token](), list[str]()
        while True:
            start = self.here.start
            parts.append(self.unary())
            texts.append(" ".join(self.text[start : self.tokens[self.index - 1].end].split()))
            if not (join := self.accept("and", "or")):
                break
            joins.append(join)
        if not joins:
            return parts[0]
        if other := next((join for join in joins if join.text != joins[0].text), None):
            first, second = _readings(texts, [join.text for join in joins])
            fail("expression-mixed", self.mark(other), first=first, second=second)
        return And(tuple(parts)) if joins[0].text == "and" else Or(tuple(parts))

    def unary(self) -> Node:
        if self.here.text in ("not", "("):
            return self.nested()
        if self.here.text == "count" and self.tokens[self.index + 1].text == "(":
            return self.count()
        return self.test()

    def nested(self) -> Node:
        """Read what follows `not`, or stands in parentheses."""
        opening = self.take()
        self.depth += 1
        if self.depth > _DEEPEST:
            fail("expression-too-deep", self.mark(opening), most=_DEEPEST)
        if opening.text == "not":
            node: Node = Not(self.unary())
        else:
            node = self.expression()
            self.close(opening, ")", "and, or")
        self.depth -= 1
        return node

    def close(self, opening: Token, closing: str, others: str) -> None:
        if self.ended:
            fail("expression-unclosed", self.mark(opening), bracket=opening.text, closing=closing)
        if not self.accept(closing):
            self.unexpected(f"{others}, {closing}")

    # --- one test

    def ref(self, expected: str) -> Ref:
        name = self.word(expected)
        row = self.word("the name of a row").text if self.accept(".") else None
        return Ref(name.text, row, self.mark(name))

    def count(self) -> Count:
        self.take()
        opening = self.take()
        ref = self.ref("the name of a question")
        self.close(opening, ")", ".")
        op = self.accept(*_COMPARISONS) or self.unexpected("= != < <= > >=")
        if self.here.kind != "number" or not self.here.text.isdigit():
            self.unexpected("a whole number")
        return Count(ref, cast(Comparison, op.text), int(self.take().text))

    def test(self) -> Node:
        ref = self.ref("a name, not, count(, or a condition in parentheses")
        if op := self.accept(*_COMPARISONS):
            return self.compare(ref, cast(Comparison, op.text))
        if self.accept("in"):
            return self.members(ref, negated=False)
        if self.here.text == "not" and self.tokens[self.index + 1].text == "in":
            self.index += 2
            return self.members(ref, negated=True)
        if self.accept("has"):
            return self.has(ref)
        if self.accept("is"):
            negated = self.accept("not") is not None
            state = self.word("missing, answered, not_asked or another missing kind")
            return Is(ref, state.text, negated, self.mark(state))
        if not self.ended and self.here.text not in ("and", "or", ")"):
            self.unexpected(_AFTER_NAME)
        return InGroup(str(ref), ref.mark)  # a row alone is no group: said where the names are known

    def compare(self, ref: Ref, op: Comparison) -> Compare:
        token = self.here
        if token.kind == "date":
            return Compare(ref, op, self.day(self.take()), self.mark(token))
        if token.kind == "number":
            return Compare(ref, op, Decimal(self.take().text), self.mark(token))
        if op in _ORDERED:
            self.unexpected("a number or a date")
        return Compare(ref, op, self.word("the name of an answer, a number or a date").text, self.mark(token))

    def day(self, token: Token) -> date:
        try:
            return date.fromisoformat(token.text)
        except ValueError:
            fail("expression-no-day", self.mark(token), found=token.text)

    def has(self, ref: Ref) -> Has:
        if self.here.text in ("any", "all") and self.tokens[self.index + 1].text == "[":
            how = self.take().text
            values, marks = self.names()
            return Has(ref, values, "all" if how == "all" else "any", marks)
        answer = self.word("the name of an answer, any [...] or all [...]")
        marks = (mark,) if (mark := self.mark(answer)) else ()
        return Has(ref, (answer.text,), "any", marks)

    def members(self, ref: Ref, *, negated: bool) -> In:
        values, marks = self.names()
        return In(ref, values, negated, marks)

    def names(self) -> tuple[tuple[str, ...], tuple[Mark, ...]]:
        """Read `[a, b]`. A number stays as written: it is a code; the check of names offers its answer."""
        opening = self.accept("[") or self.unexpected("a list in [ ]")
        found: list[Token] = []
        while True:
            code = self.here.kind == "number"
            found.append(self.take() if code else self.word("the name of an answer"))
            if not self.accept(","):
                break
        self.close(opening, "]", "a comma")
        marks = tuple(mark for token in found if (mark := self.mark(token)))
        return tuple(token.text for token in found), marks


def _readings(parts: list[str], joins: list[str]) -> tuple[str, str]:
    """Write the two ways to read a chain: `and` binds closer, `or` binds closer."""

    def grouped(close: str, loose: str) -> str:
        runs = [[parts[0]]]
        for join, part in zip(joins, parts[1:], strict=True):
            if join == close:
                runs[-1].append(part)
            else:
                runs.append([part])
        inside = f" {close} ".join
        return f" {loose} ".join(f"({inside(run)})" if len(run) > 1 else run[0] for run in runs)

    return grouped("and", "or"), grouped("or", "and")
