"""Threats that sit in a study's own texts and expressions: markup in every text, patterns that never end."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from re import _compiler as compiler  # type: ignore[attr-defined]
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, TypeVar

import pytest
from tests.web.fields import STUDIES

import topline
from topline.base import ToplineError
from topline.documents import questionnaire, questionnaire_page
from topline.rehearse.browser import Browser, form_of
from topline.study import read_study
from topline.study.compile import compile_study, translated
from topline.study.compiled import Compiled
from topline.study.evaluate import holds
from topline.study.model import Study
from topline.study.parse import parse_condition
from topline.web.respond import Request, Runner, handle
from topline.web.store.sqlite import Store

EVIL = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "</title></h1><svg onload=alert(1)>",
    "--><iframe src=//evil.example></iframe><!--",
    "&lt;b&gt;&amp;amp;",
    "[link](javascript:alert(1))",
    "javascript:alert(1)//",
    "<style>@import '//evil.example'</style>",
)
_T = TypeVar("_T")
SOURCE = Path(topline.__file__).parent


class Shape(HTMLParser):
    """Every element of a page with the names of its attributes, and every address in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *sorted(name for name, _ in attrs)))
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action")]


def pages(compiled: Compiled, folder: Path) -> Iterator[str]:
    """Every kind of page of a study: door, start, each screen empty and with errors, check, thanks, help."""
    store = Store(folder / "store.db")
    runner = Runner(compiled, store, mode="rehearsal")
    browser = Browser(runner)
    yield browser.get("/").text
    yield browser.get("/help").text
    token = runner.invite({"department": "dft"}, seed=7, arms={"direction": "forward"})
    response = browser.get(f"/i/{token}")
    given = {
        "statement": "neither", "ways": "bus", "site": "elsewhere", "site.elsewhere.text": EVIL[1],
        "anything": EVIL[0], "minutes": "200", "since.missing": "refused", "why": EVIL[4],
        **{f"parts.{row}": "neither" for row in ("people", "tools", "other")},
    }  # fmt: skip
    for _ in range(30):
        yield response.text
        form = form_of(response)
        if form is None:
            break
        hidden = [pair for pair in form.held if pair[0] not in form.takes]
        if "/p/" in form.action:
            wrong = [(name, EVIL[2]) for name in form.takes]
            yield browser.post(form.action, [*hidden, *wrong]).text
        response = browser.post(
            form.action, [*hidden, *((name, given[name]) for name in form.takes if name in given)]
        )
    store.close()
    assert handle(Request("GET", f"/i/{token}/done"), runner).status == 200


@pytest.mark.parametrize("evil", EVIL)
def test_threat_15_markup_in_every_text_of_the_pages(tmp_path: Path, evil: str) -> None:
    """With markup behind every text of the study each page has the elements, attributes and addresses that
    it has without.
    """
    study = read_study(STUDIES / "every-kind")
    compiled = compile_study(study, translated(study))
    texts = {
        language: {
            key: text if re.fullmatch(r"\s*\{\w+\}\s*", text) else f"{text} {evil}"
            for key, text in each.items()
        }
        for language, each in compiled.texts.items()
    }
    (tmp_path / "plain").mkdir()
    (tmp_path / "evil").mkdir()
    plain = [Shape(html) for html in pages(compiled, tmp_path / "plain")]
    found = [Shape(html) for html in pages(replace(compiled, texts=texts), tmp_path / "evil")]
    assert len(plain) > 14
    assert [each.elements for each in found] == [each.elements for each in plain]
    assert [len(each.addresses) for each in found] == [len(each.addresses) for each in plain]
    assert not [each for shape in found for each in shape.addresses if not re.match(r"/|#|mailto:", each)]


def spoilt(value: _T, evil: str) -> _T:
    """A value of the study with the evil behind every text that a reader sees."""
    if is_dataclass(value) and not isinstance(value, type):
        changed: dict[str, Any] = {}
        for field in fields(value):
            part = getattr(value, field.name)
            seen = field.name in ("ask", "hint", "label", "text", "title", "specify", "say", "short", "reads")
            changed[field.name] = f"{part} {evil}" if seen and isinstance(part, str) else spoilt(part, evil)
        return replace(value, **changed)
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(spoilt(each, evil) for each in value)  # type: ignore[return-value]
    return value


@pytest.mark.parametrize("evil", EVIL)
def test_threat_15_markup_in_the_questionnaire_for_reading(evil: str) -> None:
    """The page for reading and comment has no element more than without."""
    study = read_study(STUDIES / "every-kind")
    bad: Study = replace(
        study, questionnaire=spoilt(study.questionnaire, evil), title=f"{study.title} {evil}"
    )
    plain = Shape(questionnaire_page(questionnaire(study, "en")))
    found = Shape(questionnaire_page(questionnaire(bad, "en")))
    assert found.elements == plain.elements
    assert found.addresses == plain.addresses


# --- patterns that never end


def inner(pattern: Any) -> Iterator[Any]:
    """The bodies of all repeats without end in a pattern, however deep."""
    for kind, value in pattern:
        if kind in (constants.MAX_REPEAT, constants.MIN_REPEAT):
            if value[1] == constants.MAXREPEAT:
                yield value[2]
            yield from inner(value[2])
        elif kind is constants.SUBPATTERN:
            yield from inner(value[-1])
        elif kind is constants.BRANCH:
            for each in value[1]:
                yield from inner(each)


def first(pattern: Any) -> list[str]:
    """The signs that a pattern may start with, if they are few and fixed; else none."""
    if not len(pattern):
        return []
    kind, value = pattern[0]
    if kind is constants.SUBPATTERN:
        return first(value[-1])
    if kind is constants.IN and all(each is constants.LITERAL for each, _ in value):
        return [chr(sign) for _, sign in value]
    return [chr(value)] if kind is constants.LITERAL else []


def runs_away(pattern: Any) -> bool:
    """Whether a repeat without end holds another one, and no sign tells where each round starts: then a text
    that fits nearly is tried in exponentially many ways.
    """
    for body in inner(pattern):
        signs = first(body)
        for within in map(compiler.compile, inner(body)):
            if not signs or any(map(within.match, signs)):
                return True
    return False


def patterns() -> Iterator[tuple[str, str]]:
    """Every pattern that is written in a module of ours, with its place."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(ast.Attribute(ast.Name("re"), _), [ast.Constant(str(text)), *_]):
                    yield f"{path.relative_to(SOURCE)}:{node.lineno}", text


def test_threat_20_no_pattern_of_ours_can_run_away() -> None:
    """No regular expression of ours repeats a repeat ambiguously; a study brings none of its own."""
    assert runs_away(parser.parse(r"(a+)+$"))
    assert runs_away(parser.parse(r"(?:\w|\d+)*x"))
    assert not runs_away(parser.parse(r"[a-z]+(\.[a-z]+)+"))
    found = dict(patterns())
    assert len(found) > 25
    assert [place for place, text in found.items() if runs_away(parser.parse(text))] == []


@pytest.mark.parametrize("deep", [5_000, 100_000])
@pytest.mark.parametrize(
    "shape",
    ["(" * 10 + "{n}", "not " * 10 + "{n}", "a = b and (" * 10 + "{n}"],
)
def test_threat_20_expressions_are_bounded(shape: str, deep: int) -> None:
    """An expression that nests without end is refused in a sentence, and exhausts nothing."""
    opening = shape.removesuffix("{n}")
    text = opening * (deep // 10) + "a = b" + ")" * (opening.count("(") * (deep // 10))
    limit = sys.getrecursionlimit()
    with pytest.raises(ToplineError, match="deep"):
        parse_condition(text)
    assert sys.getrecursionlimit() == limit


def test_threat_20_long_conditions_are_read() -> None:
    """Ten thousand alternatives in one condition are read and evaluated, with no step inside another."""
    condition = parse_condition(" or ".join(["statement = neither"] * 10_000))
    study = read_study(STUDIES / "every-kind")
    assert holds(condition, {"statement": "neither"}, study)
    assert not holds(condition, {"statement": "tend_to_agree"}, study)
