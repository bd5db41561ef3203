"""The respondent's pages, driven as a browser drives them: `handle(request, runner)`."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

import pytest
from tests.web.fields import STUDIES

from topline.base import ToplineError
from topline.rehearse.browser import Browser, form_of
from topline.study import read_study
from topline.study.answers import answers_from_json
from topline.study.compile import compile_study, translated
from topline.study.compiled import Compiled
from topline.study.values import Answer, NoAnswer
from topline.web.respond import Request, Response, Runner, handle
from topline.web.store.sqlite import Store

FACTS = {"department": "dft", "town": "leeds"}
ALL: dict[str, Answer] = {
    "statement": "tend_to_agree",
    "parts.people": "neither",
    "parts.tools": "strongly_agree",
    "parts.other": NoAnswer("dont_know"),
    "ways": frozenset({"bus", "other"}),
    "ways.other.text": "By <ferry> & “foot”",
    "worst": ("other", "bus"),
    "site": NoAnswer("refused"),
    "minutes": Decimal(130),
    "since": date(2010, 1, 31),
    "full_time": NoAnswer("blank"),
    "why": "The people",
    "anything": "Two lines\nof it",
    "anything.quote": "yes",
}


def start(runner: Runner, seed: int = 7) -> str:
    """Make a person who has started; return the token."""
    token = runner.invite(FACTS, seed=seed, arms={"direction": "forward"})
    post(runner, f"/i/{token}/start", "")
    return token


def get(runner: Runner, path: str, query: str = "") -> Response:
    """One GET, redirects not followed."""
    return handle(Request("GET", path, query=query), runner)


def post(runner: Runner, path: str, body: str, **settings: str) -> Response:
    """One POST, redirects not followed."""
    return handle(Request("POST", path, body=body.encode(), **settings), runner)


def body(**fields: str) -> str:
    """The fields of a first save."""
    return "&".join([".version=0", *(f"{name}={value}" for name, value in fields.items())])


# --- a whole interview


def test_what_comes_out_is_what_went_in(runner: Runner, browser: Browser, store: Store) -> None:
    """A person who answers everything, with a soft check sent twice, has exactly these answers stored."""
    token = runner.invite(FACTS, arms={"direction": "backward"})
    last = browser.answer_all(token, ALL)
    assert "The made-up answers are in" in last.text
    (response,) = store.responses("every_kind")
    assert answers_from_json(response.answers) == ALL
    assert response.facts == {**FACTS, "direction": "backward"}
    assert response.questionnaire == runner.hash


def test_off_the_path_is_not_asked(runner: Runner, browser: Browser, store: Store) -> None:
    """Whoever is not led to a question has `not_asked`, whatever was saved before the path changed."""
    token = start(runner)
    browser.answer_all(token, {**ALL, "site": "north"} | {})
    (first,) = store.responses("every_kind")
    assert first.answers["why"] == "The people"
    other = start(runner)
    answers = {
        name: answer for name, answer in ALL.items() if name not in ("why", "worst", "ways.other.text")
    }
    browser.answer_all(other, {**answers, "statement": "neither", "ways": frozenset({"none"})})
    found = [each.answers for each in store.responses("every_kind")]
    (second,) = [each for each in found if each["statement"] == "neither"]
    assert second["why"] == {"missing": "not_asked"}
    assert second["worst"] == {"missing": "not_asked"}


def test_answers_of_a_path_that_was_left_are_dropped(runner: Runner, store: Store) -> None:
    """Changing an early answer leads past a later question; its saved answer is not sent."""
    browser = Browser(runner)
    token = start(runner)
    for page, fields in (
        ("statement", {"statement": "tend_to_agree"}),
        ("parts", {f"parts.{row}": "neither" for row in ("people", "tools", "other")}),
        ("ways", {"ways": "train"}),
        ("numbers", {"site": "north", "minutes": "5", "since.missing": "refused"}),
        ("notice", {}),
        ("words", {"why": "The pay", "anything": ""}),
    ):
        response = post(runner, f"/i/{token}/p/{page}", body(**fields))
        assert response.status == 303, response.text
    post(runner, f"/i/{token}/p/statement", ".version=1&statement=neither")
    check = browser.get(f"/i/{token}/check")
    assert "The pay" not in check.text
    form = form_of(check)
    assert form is not None
    browser.post(form.action, form.held)
    (response,) = store.responses("every_kind")
    assert answers_from_json(response.answers)["why"] == NoAnswer("not_asked")
    assert answers_from_json(response.answers)["anything"] == NoAnswer("blank")


# --- what a page says


def test_every_page_says_that_answers_are_made_up(runner: Runner) -> None:
    """Door, start, question, error, lost and help pages all carry the words, in the page's own language."""
    token = start(runner)
    invited = runner.invite(FACTS)
    for path in ("/", f"/i/{invited}", f"/i/{token}/p/statement", "/i/no-such-link", "/help"):
        assert "Rehearsal: made-up answers" in get(runner, path).text
        assert "Ymarfer: atebion ffug" in get(runner, path, "lang=cy").text
    assert "Rehearsal: made-up answers" in post(runner, f"/i/{token}/p/statement", "").text


def test_headers_of_every_page(runner: Runner) -> None:
    """No script, no other host, no cache, no path in a referrer; redirects and errors included."""
    token = start(runner)
    for response in (
        get(runner, "/"),
        get(runner, "/nowhere"),
        get(runner, f"/i/{token}/p/parts"),
        post(runner, "/", "town=leeds"),
        post(runner, f"/i/{token}/p/statement", "\xff"),
        handle(Request("PUT", "/"), runner),
    ):
        headers = dict(response.headers)
        assert headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
            "frame-ancestors 'none'; base-uri 'none'"
        )
        assert headers["Referrer-Policy"] == "strict-origin"
        assert headers["Cache-Control"] == "no-store"
        assert "<script" not in response.text
        assert " style=" not in response.text


def test_start_page_shows_what_stays_with_the_answers(runner: Runner) -> None:
    """The promise box names the attributes that are kept and no other, and the mode as it would read."""
    page = get(runner, f"/i/{runner.invite(FACTS)}").text
    assert "<dt>Department</dt><dd>Department for Transport</dd>" in page
    assert "Leeds" not in page
    assert "all answers are shuffled and the keys that could tie them to you are destroyed" in page
    assert page.index("two minutes") < page.index('class="promise"') < page.index("Thank you for your time")
    assert "{privacy_sentence}" not in page


def test_piping_fills_in_or_falls_back(runner: Runner) -> None:
    """A pipe says the attribute's short name, and its fallback where the person has none."""
    token = start(runner)
    assert "I like my work at DfT." in get(runner, f"/i/{token}/p/statement").text
    assert "Rwy’n hoffi fy ngwaith yn DfT." in get(runner, f"/i/{token}/p/statement", "lang=cy").text
    nobody = runner.invite({})
    post(runner, f"/i/{nobody}/start", "")
    assert "I like my work at your department." in get(runner, f"/i/{nobody}/p/statement").text


def test_other_language_falls_back_marked(runner: Runner) -> None:
    """A text that has no translation is shown in the first language, with its language marked."""
    token = start(runner)
    page = get(runner, f"/i/{token}/p/statement", "lang=cy").text
    assert '<html lang="cy">' in page
    assert '<span lang="en">Strongly agree</span>' in page
    assert "Cadw a pharhau" in page
    assert f'<a href="/i/{token}/p/statement" lang="en" hreflang="en">English</a>' in page


def test_right_to_left_language(runner: Runner) -> None:
    """Arabic pages run from right to left; English words on them keep their own direction."""
    page = get(runner, f"/i/{start(runner)}/p/statement", "lang=ar").text
    assert '<html lang="ar" dir="rtl">' in page
    assert '<span lang="en" dir="ltr">Save and continue</span>' in page


def test_language_stays_through_a_save(runner: Runner) -> None:
    """The form, the next page and the way back keep the language."""
    token = start(runner)
    page = get(runner, f"/i/{token}/p/statement", "lang=cy")
    form = form_of(page)
    assert form is not None
    assert form.action == f"/i/{token}/p/statement?lang=cy"
    response = handle(
        Request("POST", f"/i/{token}/p/statement", query="lang=cy", body=body(statement="neither").encode()),
        runner,
    )
    assert response.location == f"/i/{token}/p/parts?lang=cy"


def test_progress_in_words_and_line(runner: Runner) -> None:
    """The page says where it stands, "about" since routes may add pages, and the line is filled as far."""
    page = get(runner, f"/i/{start(runner)}/p/statement").text
    assert "<span>Page 1 of about 6</span>" in page
    assert '<rect class="f" width="16" height="4"/>' in page


def test_answers_are_escaped(runner: Runner) -> None:
    """What a person types comes back as text, on the page and on the check page."""
    token = start(runner)
    evil = "%3Cscript%3Ealert(1)%3C/script%3E{department}"
    post(runner, f"/i/{token}/p/statement", body(statement="neither"))
    post(
        runner,
        f"/i/{token}/p/parts",
        body(**{f"parts.{row}": "neither" for row in ("people", "tools", "other")}),
    )
    post(runner, f"/i/{token}/p/ways", body(ways="other", **{"ways.other.text": evil}))
    page = get(runner, f"/i/{token}/p/ways").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{department}" in page
    assert "<script" not in page


# --- what a page takes


@pytest.mark.parametrize(
    ("page", "fields", "said"),
    [
        ("statement", "", "Choose one answer, or “Don&#x27;t know”"),
        ("statement", "statement=nonsense", "Choose one of the answers on this page"),
        ("ways", "", "Choose at least one answer, or “Prefer not to say”"),
        ("ways", "ways=none&ways=bus", "“I do not travel” cannot go with other answers"),
        ("ways", "ways=refused&ways=bus", "“Prefer not to say” cannot go with other answers"),
        ("ways", "ways=other", "Write in the box beside “Another way” what you mean"),
        ("ways-2", "", "Choose at least what comes first"),
        ("ways-2", "worst.1=bus&worst.2=bus", "“Bus” stands in two places"),
        ("ways-2", "worst.2=bus", "Place 1 is empty, but a later one is filled"),
        ("ways-2", "worst.1=train", "Choose one of the answers on this page"),
        ("numbers", "minutes=x", "Write a whole number in digits, such as 4"),
        ("numbers", "minutes=1.5", "Write a whole number in digits, such as 4"),
        ("numbers", "minutes=-1", "The number must lie between 0 and 240"),
        ("numbers", "minutes=1e9", "Write a whole number in digits, such as 4"),
        (
            "numbers",
            "minutes=4&minutes.missing=dont_know",
            "Give an answer or choose “Don&#x27;t know”, not both",
        ),
        ("numbers", "since.day=31&since.month=2&since.year=2010", "Write a day of the calendar in digits"),
        (
            "numbers",
            "since.day=1&since.month=1&since.year=1950",
            "The day must lie between 1 1 1970 and 31 12 2013",
        ),
        ("words", f"why={'x' * 81}", "Your answer has 81 characters. Shorten it to at most 80"),
    ],
)
def test_error_stands_in_the_summary_and_at_the_field(
    runner: Runner, page: str, fields: str, said: str
) -> None:
    """A wrong answer is said twice, with a link that leads to its field; the title says "Error:"."""
    token = start(runner)
    for name, given in (
        ("statement", "statement=tend_to_agree"),
        ("parts", "parts.people=neither&parts.tools=neither&parts.other=neither"),
        ("ways", "ways=bus&ways=foot"),
        ("ways-2", "worst.1=bus"),
        ("numbers", "site=north&minutes=5&since.missing=refused"),
        ("notice", ".soft=none"),
    ):
        if name == page:
            break
        assert post(runner, f"/i/{token}/p/{name}", f".version=0&{given}").status == 303
    response = post(runner, f"/i/{token}/p/{page}", f".version=0&{fields}" if fields else ".version=0")
    assert response.status == 422
    assert response.text.count(said) == 2
    assert "<title>Error: " in response.text
    anchor = response.text.split('<li><a href="#', 1)[1].split('"', 1)[0]
    assert f'id="{anchor}"' in response.text


def test_row_without_an_answer_is_named_in_the_summary(runner: Runner) -> None:
    """The summary names each row that lacks an answer; at the row itself the message need not."""
    token = start(runner)
    post(runner, f"/i/{token}/p/statement", body(statement="neither"))
    page = post(runner, f"/i/{token}/p/parts", ".version=0&parts.people=neither").text
    assert "2 answers are missing" in page
    assert '<a href="#parts.tools">Choose one answer in the row “The tools that I use every day”</a>' in page
    assert page.count("Choose one answer in the row") == 2
    assert page.count("Choose one answer, or “Don&#x27;t know”") == 2
    assert '<fieldset class="bad" aria-describedby="parts.tools-error">' in page


def test_answers_are_kept_beside_an_error(runner: Runner) -> None:
    """The page with errors holds what was sent."""
    token = start(runner)
    post(runner, f"/i/{token}/p/statement", body(statement="neither"))
    page = post(runner, f"/i/{token}/p/parts", ".version=0&parts.people=strongly_agree").text
    assert 'name="parts.people" value="strongly_agree" id="parts.people" checked' in page


def test_soft_check_lets_through_the_second_time(runner: Runner) -> None:
    """A soft check asks once; the same answer sent again is taken. A hard fault is never let through."""
    token = start(runner)
    post(runner, f"/i/{token}/p/statement", body(statement="neither"))
    post(
        runner,
        f"/i/{token}/p/parts",
        body(**{f"parts.{row}": "neither" for row in ("people", "tools", "other")}),
    )
    post(runner, f"/i/{token}/p/ways", body(ways="bus"))
    given = "site=north&minutes=130&since.missing=refused"
    first = post(runner, f"/i/{token}/p/numbers", f".version=0&{given}")
    assert first.status == 422
    assert "That is more than two hours." in first.text
    assert "<title>Error" not in first.text
    form = form_of(first)
    assert form is not None
    assert (".soft", "minutes.checks.1") in form.held
    second = post(runner, f"/i/{token}/p/numbers", f".version=0&.soft=minutes.checks.1&{given}")
    assert second.status == 303


def test_page_ahead_leads_to_the_first_open_one(runner: Runner) -> None:
    """Nobody gets past a page that is not answered, whatever address they write."""
    token = start(runner)
    for path in ("p/words", "check"):
        assert get(runner, f"/i/{token}/{path}").location == f"/i/{token}/p/statement"
    assert post(runner, f"/i/{token}/send", ".digest=x").location == f"/i/{token}/p/statement"
    assert post(runner, f"/i/{token}/p/words", body(anything="x")).location == f"/i/{token}/p/statement"


def test_two_windows_on_one_page(runner: Runner) -> None:
    """A page saved in another window meanwhile is shown, not overwritten; the same answers are no clash."""
    token = start(runner)
    assert post(runner, f"/i/{token}/p/statement", body(statement="neither")).status == 303
    assert post(runner, f"/i/{token}/p/statement", body(statement="neither")).status == 303
    clash = post(runner, f"/i/{token}/p/statement", body(statement="tend_to_agree"))
    assert clash.status == 409
    assert "This page was changed in another window" in clash.text
    assert 'value="tend_to_agree" id="statement-tend_to_agree" checked' in clash.text
    assert 'value="neither" id="statement-neither" checked' in get(runner, f"/i/{token}/p/statement").text
    assert post(runner, f"/i/{token}/p/statement", ".version=1&statement=tend_to_agree").status == 303


def test_sending_twice_counts_once(runner: Runner, browser: Browser, store: Store) -> None:
    """The same content again gives the same thank-you; other content, that the answers are in already."""
    token = runner.invite(FACTS)
    done = browser.answer_all(token, ALL)
    person = store.person("every_kind", token)
    assert person is not None
    again = browser.post(f"/i/{token}/send", [(".digest", person.sent or "")])
    assert again.text == done.text
    other = browser.post(f"/i/{token}/send", [(".digest", "something else")])
    assert "The answers are already in" in other.text
    for path in ("", "/p/statement", "/check"):
        assert "The answers are already in" in get(runner, f"/i/{token}{path}").text
    assert (
        "The answers are already in"
        in post(runner, f"/i/{token}/p/statement", body(statement="neither")).text
    )
    assert len(list(store.responses("every_kind"))) == 1


def test_change_behind_the_check_page_is_shown_before_sending(
    runner: Runner, browser: Browser, store: Store
) -> None:
    """What is sent is what the check page showed: a page saved since then is shown first."""
    token = start(runner)
    browser.answer_all(start(runner), ALL)
    for page, fields in (
        ("statement", "statement=neither"),
        ("parts", "parts.people=neither&parts.tools=neither&parts.other=neither"),
        ("ways", "ways=bus"),
        ("numbers", "site=north&minutes=5&since.missing=refused"),
        ("notice", ""),
        ("words", "anything=x"),
    ):
        post(runner, f"/i/{token}/p/{page}", f".version=0&{fields}" if fields else ".version=0")
    form = form_of(get(runner, f"/i/{token}/check"))
    assert form is not None
    post(runner, f"/i/{token}/p/ways", ".version=1&ways=train")
    response = browser.post(form.action, form.held)
    assert response.status == 409
    assert "Answers changed in another window" in response.text
    assert len(list(store.responses("every_kind"))) == 1


def test_get_and_head_write_nothing(runner: Runner, store: Store) -> None:
    """Links are opened by mail scanners: opening one a hundred times leaves the person invited."""
    token = runner.invite(FACTS)
    for _ in range(100):
        assert get(runner, f"/i/{token}").status == 200
        assert handle(Request("HEAD", f"/i/{token}"), runner).status == 200
    person = store.person("every_kind", token)
    assert person is not None
    assert person.state == "invited"
    assert store.drafts(token) == {}


def test_form_of_another_site_is_refused(runner: Runner) -> None:
    """A form whose Origin is not ours changes nothing; one without an Origin is taken (old browsers)."""
    token = start(runner)
    path = f"/i/{token}/p/statement"
    foreign = post(
        runner, path, body(statement="neither"), origin="https://evil.example", host="survey.example"
    )
    assert foreign.status == 403
    assert "came from a page of another site" in foreign.text
    own = post(runner, path, body(statement="neither"), origin="http://survey.example", host="survey.example")
    assert own.status == 303


def test_thin_store_takes_made_up_answers_only(compiled: Compiled, store: Store) -> None:
    """Real answers never get into the store of a rehearsal."""
    with pytest.raises(ToplineError, match="the store of a rehearsal takes made-up answers only"):
        Runner(compiled, store, mode="fieldwork")


def test_pages_are_light(runner: Runner) -> None:
    """A page with its style sheet and logo stays below 25 kB."""
    from topline.base.look import picture, stylesheet

    token = start(runner)
    post(runner, f"/i/{token}/p/statement", body(statement="neither"))
    rest = len(stylesheet("core", "respond")) + len(picture("logo.svg")) + len(picture("symbol.svg"))
    for path in ("", "/p/statement", "/p/parts"):
        assert len(get(runner, f"/i/{token}{path}").body) + rest < 25_000


@pytest.mark.parametrize("seed", range(4))
def test_many_windows_send_at_once(runner: Runner, store: Store, seed: int) -> None:
    """Eight windows that send the same answers at once make one response and get one thank-you each."""
    token = start(runner, seed=seed)
    for page, fields in (
        ("statement", "statement=neither"),
        ("parts", "parts.people=neither&parts.tools=neither&parts.other=neither"),
        ("ways", "ways=bus"),
        ("numbers", "site=north&minutes=5&since.missing=refused"),
        ("notice", ".soft=none"),
        ("words", "anything=x"),
    ):
        assert post(runner, f"/i/{token}/p/{page}", f".version=0&{fields}").status == 303
    form = form_of(get(runner, f"/i/{token}/check"))
    assert form is not None
    body = urlencode(form.held)

    def send(_: int) -> str | None:
        try:
            return post(runner, form.action, body).location
        finally:
            store.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, range(16))) == {f"/i/{token}/done"}
    assert len(list(store.responses("every_kind"))) == 1


def test_a_note_alone_is_headed(tmp_path: Path) -> None:
    """A page that holds nothing but a note has a heading of its own, as every page has."""
    study = shutil.copytree(STUDIES / "every-kind", tmp_path / "study")
    path = study / "questionnaire.yaml"
    note = "- page: halt\n- info: halt\n  text: Have your pass ready.\n- page: statement\n"
    path.write_text(path.read_text("utf-8").replace("- page: statement\n", note, 1), "utf-8")
    read = read_study(study)
    store = Store(tmp_path / "main.db")
    runner = Runner(compile_study(read, translated(read)), store, mode="rehearsal")
    token = start(runner)
    page = get(runner, f"/i/{token}/p/halt").text
    store.close()
    assert "Have your pass ready." in page
    assert page.count("<h1") == 1
