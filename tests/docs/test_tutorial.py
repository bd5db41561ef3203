"""The pages that readers follow: their files and commands give what they print."""

import re
from pathlib import Path

import pytest
from tests.docs.pages import FENCE, alike, blocks, run_page

from topline.rehearse.browser import Browser, form_of
from topline.study import read_study
from topline.study.compile import compile_study
from topline.study.model import Study
from topline.web.respond import Response, Runner
from topline.web.store.sqlite import Store

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which the reader works."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def travel(folder: Path) -> Study:
    """The study that somebody has who follows the tutorial to its end."""
    assert "topline translate travel cy" in run_page(DOCS / "tutorial.md", folder)
    return read_study(folder / "travel")


def test_tutorial_gives_a_study_of_ten_questions(travel: Study) -> None:
    """Who types the tutorial sees what it prints, and has ten coded questions of five kinds."""
    assert len(travel.questionnaire.questions) == 10
    assert {question.kind for question in travel} == {"single", "number", "grid", "multiple", "text"}
    assert [option.name for question in travel for option in question.options if option.code is None] == []
    assert travel.languages == ("en", "cy")


def test_tutorial_shows_what_it_promises(travel: Study) -> None:
    """A scale, a grid, an exclusive option, a route, a pipe, missing kinds, a soft check, an attribute."""
    asked = travel.questionnaire.by_id
    assert asked["support"].scale == asked["home_days"].scale == "agree5"
    assert asked["journey"].rows
    assert [option.name for option in asked["easier"].options if option.exclusive] == ["none"]
    assert asked["parking"].ask_if is not None
    assert "{office|work}" in asked["minutes"].ask
    assert {kind.name for kind in travel.questionnaire.missing} == {"dont_know", "refused"}
    assert [check.severity for check in asked["days_in"].checks] == ["soft"]
    (contract,) = travel.attributes
    assert [option.code for option in contract.options] == [1, 2]


def test_translating(folder: Path) -> None:
    """Who follows the page on translation sees what it prints, and has the old text beside the new one."""
    done = run_page(DOCS / "how-to" / "translate.md", folder)
    assert len(done) == 7
    entry = (folder / "lunch" / "translations" / "cy.po").read_text("utf-8")
    assert '#| msgid "You eat at {place|work}. How good is lunch there?"\n' in entry


def test_made_up_people_see_what_the_page_says(travel: Study, tmp_path: Path) -> None:
    """Who says 6 days is asked to look again, and may go on; who says 0 is not asked how they travelled."""
    store = Store(tmp_path / "store.db")
    browser = Browser(Runner(compile_study(travel), store, mode="rehearsal"))
    again = send(browser, days_page(browser), days_in="6")
    assert (again.status, "That is more than five days." in again.text) == (422, True)
    assert "How did you usually travel" in send(browser, again, days_in="6").text
    assert "The council makes it easy for me" in send(browser, days_page(browser), days_in="0").text
    store.close()


def days_page(browser: Browser) -> Response:
    """Open an invitation and come to the second question."""
    page = browser.get("/")
    assert "Open an invitation" in page.text
    page = send(browser, page)
    assert "Start the survey" in page.text
    return send(browser, send(browser, page), office="castle")


def send(browser: Browser, page: Response, **fields: str) -> Response:
    """Fill in the form of a page and press its button."""
    form = form_of(page)
    assert form is not None
    held = [pair for pair in form.held if pair[0] not in fields]
    return browser.post(form.action, [*held, *fields.items()])


def test_report_of_the_tutorial_is_made_up_and_hides_the_depot(travel: Study) -> None:
    """The page that is there at the end holds, says that it is made up, and hides the smallest office."""
    page = (Path(travel.folder) / "out" / "report" / "index.html").read_text("utf-8")
    assert "Rehearsal: made-up answers" in page
    assert "Does not hold" not in page
    assert re.search(r"Riverside Depot.{0,400}\[c\]", page, re.S)


def test_installing_and_serving_is_all_that_is_not_run() -> None:
    """The lines of the tutorial that no test types are those that install, and the server that never ends."""
    shell = [block.text for block in blocks(DOCS / "tutorial.md") if block.language == "sh"]
    assert shell == ["make install\nsource .venv/bin/activate\n", "topline serve travel --demo\n"]


def test_every_fence_is_closed() -> None:
    """No block of a page escapes the tests for want of a fence."""
    for page in (DOCS / "tutorial.md", DOCS / "how-to" / "translate.md"):
        assert re.findall(r"^ *```.*", FENCE.sub("", page.read_text("utf-8")), re.M) == [], page.name


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n...\nc\n", "a\nb\nb\nc\n", True),
        ("a\n...\nc\n", "a\nc\n", True),
        ("a\n...\nc\n", "a\nb\nc\nd\n", False),
        ("a...\n", "ab\n", False),
        ("a\n", "a\nb\n", False),
        ("", "a\n", False),
    ],
)
def test_output_is_compared_line_by_line(expected: str, printed: str, same: bool) -> None:
    """Three dots alone on a line stand for any lines; all else must be as printed."""
    assert alike(expected, printed) is same
