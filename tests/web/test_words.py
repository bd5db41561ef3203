"""The words of the pages: every language has them all, with the same places."""

import re
from pathlib import Path

import pytest

from topline.study.compiled import Compiled
from topline.web.respond.speech import Speech
from topline.web.respond.words import direction, language_name, words

RESPOND = Path(__file__).resolve().parents[2] / "src" / "topline" / "web"
PLACES = re.compile(r"\{(\w+)\}")


def test_welsh_has_every_word_with_its_places() -> None:
    """The Welsh file has the keys of the English one, and each text the same places."""
    english, welsh = words("en"), words("cy")
    assert list(english) == list(welsh)
    for key, text in english.items():
        assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(welsh[key])), key


def test_drafts_are_known() -> None:
    """Languages whose words no translator has passed are marked as drafts."""
    assert {language: words(language)["language.status"] for language in ("en", "cy")} == {
        "en": "passed",
        "cy": "draft",
    }


def test_every_word_is_used() -> None:
    """No word stands in the catalogue that no page says."""
    source = "".join(path.read_text("utf-8") for path in RESPOND.rglob("*.py"))
    summed = {f"errors.{kind}_{number}" for kind in ("missing", "look") for number in ("one", "many")}
    for key in words("en").keys() - summed - {"language.status"}:
        section, name = key.split(".", 1)
        said = name.removesuffix("_or").removeprefix("date_") if section == "errors" else name
        assert re.search(rf"['\"]({section}\.)?({name}|{said})['\"]", source), key


@pytest.mark.parametrize(
    ("language", "name", "turned"), [("cy", "Cymraeg", "ltr"), ("ar", "العربية", "rtl"), ("xx", "xx", "ltr")]
)
def test_names_and_directions(language: str, name: str, turned: str) -> None:
    """A language is named in its own words; right-to-left ones are known; an unknown one keeps its code."""
    assert (language_name(language), direction(language)) == (name, turned)


def test_no_file_outside_the_catalogue_is_read() -> None:
    """A language that looks like a path has no words."""
    assert words("../en") == {}


def test_plain_words_are_not_marked_up(compiled: Compiled) -> None:
    """A title in a language without words is English without markup; on the page it is marked as English."""
    arabic = Speech(compiled, "ar")
    assert arabic.plain("check.task") == "Check your answers"
    assert arabic.word("check.task") == '<span lang="en" dir="ltr">Check your answers</span>'
