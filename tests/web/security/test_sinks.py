"""Threat 15 where a study's words go beside the pages: letters, the desk, tables, charts and the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from itertools import repeat
from pathlib import Path

import pytest
from tests.report.conftest import build_example, made_up
from tests.tables.test_output import book
from tests.web.desk.conftest import open_desk, users
from tests.web.desk.desks import Desk
from tests.web.fields import Field
from tests.web.mail.letters import letter, parts, stationery_of
from tests.web.samples import study_with
from tests.web.security.test_lists import leading
from tests.web.security.test_texts import EVIL, Shape, spoilt

from topline.study import Study, load
from topline.tables import as_html
from topline.web.monitor.counters import Counting
from topline.web.monitor.ticking import tick

__all__ = ["open_desk", "users"]  # the fixtures


@pytest.mark.parametrize("evil", [*EVIL, "[link](https://evil.example)", "<https://evil.example>"])
def test_threat_15_markup_in_letters(make: Callable[..., Field], evil: str) -> None:
    """With markup behind every text of the study the letter has the elements and addresses that it has
    without; what is no markup is read as it stands.
    """
    field = make()
    texts = {
        language: {key: f"{text} {evil}" for key, text in each.items()}
        for language, each in field.compiled.texts.items()
    }
    plain = Shape(parts(letter(field))[1])
    found = Shape(parts(letter(field, compiled=replace(field.compiled, texts=texts)))[1])
    assert len(plain.elements) > 5
    assert found.elements == plain.elements
    assert found.addresses == plain.addresses


@pytest.mark.parametrize("evil", EVIL)
def test_threat_15_markup_in_the_text_of_a_letter(make: Callable[..., Field], evil: str) -> None:
    """Whoever writes a letter may use Markdown: HTML in it is shown; links lead to web or mail."""
    field = make()
    texts = stationery_of(field).texts
    more = tuple(replace(each, body=f"{each.body}\n\n{evil}\n") for each in texts)
    plain, found = Shape(parts(letter(field))[1]), Shape(parts(letter(field, texts=more))[1])
    assert len(found.elements) - len(plain.elements) <= len(texts)  # one paragraph a language
    assert set(found.elements) <= {*plain.elements, ("p",)}
    assert found.addresses == plain.addresses


@pytest.mark.parametrize("evil", EVIL)
def test_threat_15_markup_at_the_desk(open_desk: Callable[..., Desk], tmp_path: Path, evil: str) -> None:
    """Nor do the pages of the desk take a title or the label of a group for markup."""
    seen = []
    for name, words in (("plain", "x"), ("evil", evil)):
        (tmp_path / name).mkdir()
        folder = study_with(tmp_path / name, "descriptive")
        path = folder / "study.yaml"
        text = path.read_text("utf-8")
        label = "{label: Department for Transport, short: DfT}"
        assert label in text
        path.write_text(text.replace(label, json.dumps(f"Transport {words}")), "utf-8")
        desk = open_desk(study=folder)
        tick(Counting(desk.field.engine, "every_kind"), desk.field.engine, "every_kind", ("department",))
        desk.account(name, "lead")
        browser = desk.browser(name)
        paths = ("/desk/", "/desk/s/every_kind/", "/desk/s/every_kind/do/pause")
        pages = [browser.get(path, follow=True).content.decode() for path in paths]
        assert f"Transport {words}" in unescape(pages[1])
        seen.append([Shape(page) for page in pages])
    for plain, found in zip(*seen, strict=True):
        assert found.elements == plain.elements
        assert found.addresses == plain.addresses


@pytest.mark.parametrize("evil", EVIL)
def test_threat_15_markup_in_tables(tmp_path: Path, evil: str) -> None:
    """Nor does the page of an analyst's tables."""
    tables = book(tmp_path)
    html = as_html(leading(tables, repeat(f"{evil} ")))
    plain, found = Shape(as_html(tables)), Shape(html)
    assert unescape(html).count(evil) > 5
    assert found.elements == plain.elements
    assert found.addresses == plain.addresses


@pytest.mark.slow
@pytest.mark.parametrize("evil", EVIL)
def test_threat_15_markup_in_the_report(root: Path, evil: str) -> None:
    """Nor does the report, its tables and its charts."""
    study = load(root / "examples" / "digital-public-services").study
    assert study is not None
    text = (Path(study.folder) / "report.md").read_text("utf-8")
    data = made_up(study)
    bad: Study = replace(
        study, questionnaire=spoilt(study.questionnaire, evil), title=f"{study.title} {evil}"
    )
    html = build_example(bad, replace(data, study=bad), text).html
    plain, found = Shape(build_example(study, data, text).html), Shape(html)
    assert unescape(html).count(evil) > 20
    assert set(found.elements) <= set(plain.elements)  # a chart breaks long labels into more lines
    for name in ("script", "style", "iframe", "img", "a", "svg", "b", "title"):
        assert [each for each in found.elements if each[0] == name] == [
            each for each in plain.elements if each[0] == name
        ]
    assert found.addresses == plain.addresses
