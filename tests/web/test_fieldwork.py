"""Fieldwork through the real pages: what is promised, what is kept, what comes out at the close."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from tests.web.fields import SECRET, Field, answered

from topline.study.answers import answers_from_json
from topline.study.values import Answer, NoAnswer
from topline.web.vault.drafts import LEASE

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
#: The same without what needs a soft check, and without open answers.
SHORT = {name: each for name, each in ALL.items() if name != "minutes"} | {"minutes": Decimal(20)}


def responses(field: Field) -> list[dict[str, Answer]]:
    """What is released."""
    rows = field.engine.rows("select answers from response order by id")
    return [answers_from_json(json.loads(answers)) for (answers,) in rows]


def test_what_comes_out_is_what_went_in(make: Callable[..., Field], address: str) -> None:
    """After the close the dataset holds what each person answered, with the facts shown and nothing else."""
    field = make(address=address)
    for token in field.tokens[:12]:
        last = answered(field, token, ALL)
        assert "Thank you. Your answers are in." in last.text
    assert field.engine.rows("select count(*) from response") == [(0,)]
    done = field.close()
    assert (done.invited, done.replied, done.again) == (40, 12, False)
    found = responses(field)
    assert [{k: v for k, v in each.items() if k != "direction"} for each in found] == [ALL] * 12
    assert {each["direction"] for each in found} == {"forward", "backward"}
    columns = field.engine.rows("select attributes, questionnaire from response")
    assert {json.loads(each)["department"] for each, _ in columns} == {"moj", "dft"}
    assert field.engine.rows("select count(*) from sealed") == [(0,)]
    assert sorted(path.name for path in field.vault.iterdir()) == ["CACHEDIR.TAG", "every_kind.mark"]


def test_no_page_of_fieldwork_says_rehearsal(make: Callable[..., Field]) -> None:
    """Real answers are asked for in real words, on every page and in both languages."""
    field = make()
    browser = field.browser()
    token = field.tokens[0]
    for query in ("", "?lang=cy"):
        for text in (browser.get(f"/i/{token}{query}").text, browser.get(f"/help{query}").text):
            assert "made-up" not in text
            assert "ffug" not in text
    assert "made-up" not in browser.begin(token).text


def test_address_shows_no_token_after_the_start(make: Callable[..., Field]) -> None:
    """The start sets the cookie; from there on no address and no form holds the token."""
    field = make()
    browser = field.browser()
    token = field.tokens[0]
    response = browser.ask("POST", f"/i/{token}/start", _form(browser, f"/i/{token}"))
    cookie = dict(response.headers)["Set-Cookie"]
    assert cookie == f"__Host-topline={token}; Path=/; Secure; HttpOnly; SameSite=Lax"
    assert response.location == "/p/statement"
    assert token not in browser.get("/p/statement").text


def test_browser_without_cookies(make: Callable[..., Field]) -> None:
    """The second button keeps the token in the path, and the interview works to its end."""
    field = make()
    browser = field.browser()
    token = field.tokens[0]
    response = browser.ask("POST", f"/i/{token}/start", _form(browser, f"/i/{token}") + b"&.cookies=no")
    assert "Set-Cookie" not in dict(response.headers)
    assert response.location == f"/i/{token}/p/statement"
    assert "Thank you" in browser.answer_all(token, ALL).text


def test_link_resumes_until_submission(make: Callable[..., Field], address: str) -> None:
    """Another browser with the same link goes on; after submission the link says that answers are in."""
    field = make(address=address)
    token = field.tokens[0]
    field.browser().begin(token)
    field.browser().begin(token)
    first = field.browser()
    first.begin(token)
    first.save("statement", [("statement", "neither")])
    second = field.browser()
    assert "Page 2" in second.begin(token).text
    assert 'value="neither" id="statement-neither" checked' in second.get("/p/statement").text
    answered(field, token, ALL)
    assert "can no longer be changed" in second.get("/p/statement").text
    assert "can no longer be changed" in field.browser().get(f"/i/{token}").text


def test_closed_and_early(make: Callable[..., Field]) -> None:
    """Before its first day and after its close the survey says so, and takes nothing."""
    field = make(settings="fieldwork: {from: 2999-01-01, to: 2999-02-01}\n")
    token = field.tokens[0]
    early = field.browser().get(f"/i/{token}")
    assert "This survey has not opened yet" in early.text
    assert "has not opened yet" in field.browser().post(f"/i/{token}/start", []).text
    assert field.engine.rows("select count(*) from invite where state = 'started'") == [(0,)]
    field = make()
    started, sent = field.browser(), field.tokens[1]
    started.begin(field.tokens[0])
    held = started.fields("/p/statement")
    answered(field, sent, ALL)
    field.close()
    assert "This survey is closed" in started.post("/p/statement", [*held, ("statement", "neither")]).text
    assert "This survey is closed" in field.browser().get(f"/i/{field.tokens[0]}").text
    assert "can no longer be changed" in field.browser().get(f"/i/{sent}").text


@pytest.mark.parametrize(("settings", "number"), [("partials: use\n", 1), ("", 0)])
def test_unfinished_answers_are_used_or_dropped_as_promised(
    make: Callable[..., Field], address: str, settings: str, number: int
) -> None:
    """`partials: use` keeps what was saved, with `not_reached` behind it; otherwise it is dropped."""
    field = make(address=address, settings=settings)
    browser = field.browser()
    page = browser.get(f"/i/{field.tokens[0]}").text
    assert ("we will use what you have saved" in page) is bool(number)
    browser.begin(field.tokens[0])
    browser.save("statement", [("statement", "neither")])
    field.browser().begin(field.tokens[1])
    assert field.close().replied == number
    for answers in responses(field):
        assert answers["statement"] == "neither"
        assert answers["parts.people"] == NoAnswer("not_reached")
        assert answers["why"] == NoAnswer("not_reached")
        assert "anything.quote" not in answers


def test_confidential_study_ties_answers_to_people_and_says_so(
    make: Callable[..., Field], address: str
) -> None:
    """The first page uses those words; responses are there at once, linked, and stay so after the close."""
    field = make(address=address, settings="anonymity: confidential\n")
    page = field.browser().get(f"/i/{field.tokens[0]}").text
    assert "The survey team can see which answers are yours." in page
    assert "shuffled" not in page
    answered(field, field.tokens[3], ALL)
    rows = field.engine.rows(
        "select l.invite from linked l join response r on r.study = l.study and r.id = l.response"
    )
    assert rows == [(3,)]
    assert field.engine.rows("select count(*) from sealed") == [(0,)]
    assert field.close().replied == 1
    assert field.engine.rows("select count(*) from linked") == [(1,)]


def test_promise_of_an_anonymous_study(make: Callable[..., Field]) -> None:
    """Every part of the promise stands on the first page, in at most 90 words of short sentences."""
    import re
    from html import unescape

    field = make()
    page = field.browser().get(f"/i/{field.tokens[1]}").text
    section = re.search(r'<section class="promise".*?</section>', page, re.S)
    assert section is not None
    words = unescape(re.sub(r"<[^>]+>", " ", section[0].partition("</h2>")[2]))
    for part in (
        "We know that you were invited and whether you have finished",
        "kept locked until the survey closes",
        "shuffled and the keys that could tie them to you are destroyed",
        "Department",
        "Department for Transport",
        "anyone who has your link can see what you have saved",
    ):
        assert part in " ".join(words.split())
    sentences = [each.split() for each in re.split(r"[.:;]\s", words) if each.split()]
    assert len(words.split()) <= 100
    assert sum(map(len, sentences)) / len(sentences) <= 16


def test_group_too_small_is_given_up_before_anybody_answers(make: Callable[..., Field]) -> None:
    """Below ten people a department is not kept; its people see that, and the close keeps to it."""
    frame = "email,department\n" + "".join(f"p{n}@o.example,{1 if n < 35 else 2}\n" for n in range(40))
    field = make(frame=frame)
    cells = [json.loads(cell)["department"] for (cell,) in field.engine.rows("select cell from invite")]
    assert set(cells) == {None}  # five people alone are no crowd: the others join them
    assert "Ministry of Justice" not in field.browser().get(f"/i/{field.tokens[0]}").text


def test_crash_after_the_answers_count_is_swept(make: Callable[..., Field]) -> None:
    """A submission that was cut short behind its commit loses its drafts and its key at the next start."""
    field = make()
    cleaned = field.fieldwork._clean
    field.fieldwork._clean = lambda invite: None  # type: ignore[method-assign]
    answered(field, field.tokens[0], SHORT)
    field.fieldwork.settle()
    before = field.fieldwork.vault.dkey(0)
    field.fieldwork._clean = cleaned  # type: ignore[method-assign]
    assert field.fieldwork.drafts_file.rows(0)
    assert field.fieldwork.sweep() == 1
    assert field.fieldwork.drafts_file.rows(0) == {}
    assert field.fieldwork.vault.dkey(0) != before
    assert field.fieldwork.sweep() == 0


def test_crash_before_the_answers_count_loses_nothing(make: Callable[..., Field]) -> None:
    """Behind the lock and before the commit: once the lease has run out, the check page is there again."""
    field = make()
    token = field.tokens[0]
    browser = field.browser()
    browser.begin(token)
    browser.save("statement", [("statement", "neither")])
    now = [1_000_000.0]
    field.fieldwork.drafts_file._clock = lambda: now[0]
    assert field.fieldwork.drafts_file.lock(0) is not None  # and here it crashes
    refused = browser.save("statement", [("statement", "tend_to_agree")])
    assert refused.status == 409
    now[0] += LEASE + 1
    assert browser.save("statement", [("statement", "tend_to_agree")]).status == 200
    assert "Thank you" in answered(field, token, SHORT).text


def test_links_cannot_be_made_without_the_secret(make: Callable[..., Field]) -> None:
    """The store holds hashes of links only; another secret gives other links."""
    from topline.web.keys import derive, link_hash, token_of

    field = make()
    salt = field.fieldwork.vault.salt
    other = token_of(derive(b"another" * 8, "link", salt), "every_kind", 0, 0)
    assert field.fieldwork.visit("every_kind", other) is None
    right = token_of(derive(SECRET, "link", salt), "every_kind", 0, 0)
    assert right == field.tokens[0]
    (hash,) = field.engine.rows("select link_hash from invite where id = 0")[0]
    assert hash == link_hash(right)


def _form(browser: object, address: str) -> bytes:
    from urllib.parse import urlencode

    return urlencode(browser.fields(address)).encode()  # type: ignore[attr-defined]
