"""The questionnaire as one page, for reading and comment."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from topline.base import ToplineError
from topline.documents import questionnaire, questionnaire_page
from topline.documents.html import Html, join, tag
from topline.study import read_study
from topline.study.model import Study

VOID = {"meta", "rect", "path", "br"}


class Reader(HTMLParser):
    """Reads a page: its tags must nest, its ids and texts are kept."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(name)
        given = dict(attributes)
        self.attributes |= given.keys()
        self.ids += [given["id"]] if given.get("id") else []
        self.links += [given["href"]] if given.get("href") else []
        if name not in VOID:
            self.open.append(name)

    def handle_startendtag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(name)

    def handle_endtag(self, name: str) -> None:
        assert name in VOID or self.open.pop() == name


def read(page: str) -> Reader:
    """Read a page and check that its tags nest."""
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


@pytest.fixture
def page(small: Study) -> str:
    """The page of the small study."""
    return questionnaire_page(questionnaire(small))


def words_of(page: str, id: str) -> str:
    """The words of one question, without its tags."""
    part = page.partition(f'id="at-{id}"')[2].partition("</article>")[0].partition(">")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", part).split())


def test_page_is_one_file_without_script(page: str) -> None:
    """No script, no external host, no inline style, no data: address; the style sheet is inside."""
    reader = read(page)
    assert {"script", "link", "img", "iframe"}.isdisjoint(reader.tags)
    assert "style" not in reader.attributes
    assert not [name for name in reader.attributes if name.startswith("on")]
    body = page.partition("<body")[2]
    assert set(re.findall(r"https?://[^\s\"<]*", body)) <= {"http://www.w3.org/2000/svg"}
    style = re.findall(r"<style>(.*?)</style>", page, re.S)[0]
    assert "url(" not in style
    assert "@import" not in style


def test_ids_are_unique_and_links_lead_to_them(page: str) -> None:
    """Contents and routes lead to places of the page."""
    reader = read(page)
    assert len(reader.ids) == len(set(reader.ids))
    assert reader.links
    assert {link.removeprefix("#") for link in reader.links} <= set(reader.ids)


def test_every_text_of_the_study_is_there(small: Study, page: str) -> None:
    """What a respondent may read stands in the page, escaped: questions, answers, hints, checks."""
    text = re.sub(r"<[^>]*>", "", page)
    for question in small:
        for said in [*(o.label for o in question.options), *(r.label for r in question.rows), question.hint]:
            assert not said or said.replace("&", "&amp;") in text
        assert all(check.say in text for check in question.checks)
    assert "Small &lt;study&gt; &amp; more" in page
    assert "<study>" not in page


def test_question_with_route_check_and_range(page: str) -> None:
    """Who is asked it in words and as written, with a link to the question that decides; range and check."""
    assert words_of(page, "kilometres") == (
        "Question 4 A number kilometres Kilometres How far do you drive? "
        "Asked of those who answered “*Car*” to “Ways of travelling”, among those who drive. Question 2 "
        "As written: travel has car code 98 Prefer not to say "
        "Range 0 to 500, decimals: 1 Asks once if not kilometres &lt;= 100 That is far. Please check. Comment"
    )


def test_grid(page: str) -> None:
    """Rows and answers with their codes, missing kinds with their base rule, order and nets."""
    assert words_of(page, "feel") == (
        "Question 1 One answer in each row feel Feelings How do you feel ... Lately. "
        "Rows code 1 at work? code 2 at home? Answers code 3 Good code 2 So so code 1 Bad "
        "code 97 Don't know counts in percentages code 98 Prefer not to say left out of percentages "
        "Order The rows stand in random order. Always last: “at home?”. "
        "The answers stand in reverse order for some people, drawn at random (split: half). "
        "Counted together Fine = Good, So so Comment"
    )


def test_pipes_are_told(page: str) -> None:
    """What a text takes from an earlier answer is said in words, with its fallback; so is the promise."""
    assert "come here from answer to question 6, or else “home” ?" in words_of(page, "travel")
    assert "the promise of privacy of this study" in words_of(page, "hello")


def test_section_with_a_condition_says_so(page: str) -> None:
    """Who is asked a section stands under its title."""
    part = page.partition('id="part-cars"')[2]
    assert "Asked of those who drive." in part.partition("<article")[0]


def test_answers_that_do_something(page: str) -> None:
    """An exclusive answer, one with a text box, a second line, and blank shown as a column."""
    assert "Other opens a text box: “Please say what” code" in words_of(page, "travel")
    assert "None of these chosen alone" in words_of(page, "travel")
    assert "Country Fewer than 1000 people" in words_of(page, "home")
    assert "No home given nothing chosen; counts in percentages" in words_of(page, "home")


def test_translation_marks_what_is_no_translation(small: Study) -> None:
    """In a translation, drafts and texts that fall back are marked; both languages say which they are."""
    page = questionnaire_page(questionnaire(small, "cy"))
    read(page)
    assert '<html lang="en">' in page
    assert '<span lang="cy">Sut ydych chi&#x27;n teimlo ...</span>' in page.replace("'", "&#x27;")
    words = words_of(page, "feel")
    assert "code 3 Da draft code 2 So so not translated" in words
    assert "Sut ydych chi'n teimlo ... Lately. not translated" in words
    assert "Texts in Welsh: 5 of " in page


def test_all_drafts_are_said_once(root: Path) -> None:
    """Where no translator has passed any text, one sentence says so, and no text is marked as a draft."""
    study = read_study(root / "examples" / "digital-public-services")
    page = questionnaire_page(questionnaire(study, "cy"))
    assert "No translator has passed any of them: all are drafts." in page
    assert page.count('<span class="st">draft</span>') == 0
    fill = re.findall(r'class="f" width="(\d+)"', page)
    assert fill, "the top line is filled to the share that is translated"


def test_first_language_has_no_marks(page: str) -> None:
    """The page in the first language speaks of no translation, and its top line has no figure."""
    assert "Texts in" not in page
    assert 'class="st"' not in page
    assert 'class="f"' not in page


def test_unknown_language(small: Study) -> None:
    """A language that the study lacks is refused."""
    with pytest.raises(ToplineError, match=r"the study has no language “fr”\."):
        questionnaire(small, "fr")


def test_html_escapes_what_is_not_html() -> None:
    """Text is escaped where it enters an element or an attribute; made elements are not escaped again."""
    assert tag("p", "a < b & c", tag("b", "d"), title='"x"') == (
        '<p title="&quot;x&quot;">a &lt; b &amp; c<b>d</b></p>'
    )
    assert join(("<", Html("<br>"))) == "&lt;<br>"
    assert tag("p", "x", lang=None, class_="q") == '<p class="q">x</p>'


# --- in a browser

EXAMPLES = ("small", "digital-public-services", "digital-public-services cy", "non-voters-2020")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[object]:
    """One Chromium for all pages."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("example", "width", "scheme"),
    [*((name, width, "light") for name in EXAMPLES for width in (320, 1280)), (EXAMPLES[0], 1280, "dark")],
)
def test_page_is_accessible(  # type: ignore[no-untyped-def]
    example: str, width: int, scheme: str, browser, axe_script: str, root: Path, request
) -> None:
    """axe-core finds nothing, and nothing is wider than the window."""
    name, _, language = example.partition(" ")
    study = request.getfixturevalue("small") if name == "small" else read_study(root / "examples" / name)
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.set_content(questionnaire_page(questionnaire(study, language or None)))
    found = page.evaluate(f"{axe_script}; axe.run()")
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"]] == []
    assert wide <= width


@pytest.mark.browser
def test_print_leaves_a_margin(browser, page: str) -> None:  # type: ignore[no-untyped-def]
    """On paper each question has room for comments at its side; on the screen it has not."""
    sheet = browser.new_page(viewport={"width": 700, "height": 1000})
    sheet.set_content(page)
    assert not sheet.locator(".say").first.is_visible()
    sheet.emulate_media(media="print")
    box, say = sheet.locator(".entry").first.bounding_box(), sheet.locator(".say").first.bounding_box()
    sheet.close()
    assert say["x"] >= box["x"] + box["width"]
    assert say["width"] > 120
    assert say["x"] + say["width"] <= 700
