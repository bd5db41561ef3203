"""A report from its Markdown to one page: both examples, on the figures that are released."""

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest


class Page(HTMLParser):
    """What a browser would find: ids, links, open elements."""

    EMPTY = frozenset({"meta", "link", "img", "rect", "line", "br"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.names: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.names[tag] += 1
        self.attributes |= set(found)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if "href" in found else []
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.EMPTY:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(params=["non_voters", "public_services"])
def built(request: pytest.FixtureRequest) -> Any:
    """Each of the two reports."""
    return request.getfixturevalue(request.param)


def test_the_page_is_whole(built: Any) -> None:
    """Elements close in order, ids are unique, one h1, and every link within the page leads somewhere."""
    page = Page(built.html)
    assert page.open == []
    assert page.names["h1"] == 1
    assert [id for id, n in Counter(page.ids).items() if n > 1] == []
    within = {link[1:] for link in page.links if link.startswith("#")}
    assert within <= set(page.ids)


def test_the_page_needs_nothing_from_elsewhere(built: Any) -> None:
    """No script, no inline style, no other host: it passes the strictest content security policy."""
    page = Page(built.html)
    assert page.names["script"] == page.names["style"] == page.names["iframe"] == 0
    assert not {name for name in page.attributes if name == "style" or name.startswith("on")}
    assert [link for link in page.links if "://" in link or link.startswith("data:")] == []
    assert "url(" not in built.html


def test_real_answers_hold_as_the_report_says(non_voters: Any) -> None:
    """Every claim of the simple kind holds on the real answers; the rest is listed with its reason."""
    claims = non_voters.claims
    assert [str(f) for f in claims.findings if f.severity == "error"] == []
    printed = {str(c.claim.address): c.claim.words for c in claims.checked}
    assert printed["registered=yes"] == "nine in ten (90%)"
    assert printed["ease=easy"] == "85%"
    assert len(claims.checked) == 17
    assert [str(each.claim.target) for each in claims.not_checked] == [
        "#obstacles.*=yes?highest=queue",
        "#changes=many/voter=rarely:always",
        "#like_you=none/voter=rarely:always",
        "#trust.*=trust?highest=usps&lowest=congress",
        "#trust.*=trust?over=50",
        "#why_not=*?highest=nothing",
    ]
    assert [claim.note for claim in claims.waived] == ["rhetorical; the figures follow"]
    assert "ehearsal" not in non_voters.html


def test_the_figures_of_2013_hold_as_the_report_says(public_services: Any) -> None:
    """All claims of the simple kind hold on answers with the published totals; the others are listed."""
    claims = public_services.claims
    assert [str(f) for f in claims.findings if f.severity == "error"] == []
    assert len(claims.checked) == 19
    assert {each.claim.target for each in claims.not_checked} == {
        "#progress.flexible=positive/department=*?highest=defra&lowest=dclg",
        "#progress.it_tools=positive/department=*?highest=dft&lowest=hmrc",
        "#quote=victorian",
        "#skills=agree/department=*?highest=moj,dft",
        "#skills=agree/department=*?lowest=mod",
        "#sets.capability?over=50",
    }
    assert claims.unbound == ()


def test_a_claim_leads_to_the_row_of_its_figure(non_voters: Any) -> None:
    """The link's target is the table row of the answer or net."""
    assert '<a class="claim" href="#t-registered-yes">nine in ten (90%)</a>' in non_voters.html
    row = re.search(
        r'<tr id="t-trust-usps-trust" class="net"><th scope="row">([^<]*)</th><td>(\d+)', non_voters.html
    )
    assert row is not None
    assert row.groups() == ("Trust a lot or some", "83")


def test_each_table_says_what_was_asked_of_whom(non_voters: Any) -> None:
    """Question wording, what the figures are and the base sentence: in the caption; bases: in rows."""
    (caption,) = re.findall(r"<caption[^>]*>(Table 1\..*?)</caption>", non_voters.html)
    assert caption.startswith(
        "Table 1. Registered to vote<span>“Are you currently registered to vote?” % of "
    )
    assert '<tr class="base"><th scope="row">Base</th><td>5,816</td>' in non_voters.html


def test_made_up_answers_are_marked_everywhere(public_services: Any) -> None:
    """A bar on top, tiled ground, a diagonal in every drawing, words in every source line and in the foot."""
    html = public_services.html
    assert '<body class="doc mock-up">' in html
    assert "Rehearsal: made-up answers. Do not quote any figure on this page." in html
    drawings = re.findall(r"<svg class=\"c [wn]\".*?</svg>", html)
    assert drawings
    assert all('class="wm m"' in drawing and "Rehearsal: made-up answers" in drawing for drawing in drawings)
    sources = re.findall(r'<p class="fn">.*?</p>', html)
    assert sources
    assert all("<strong>Rehearsal: made-up answers.</strong>" in source for source in sources)
    assert "<strong>Rehearsal: made-up answers.</strong>" in html[html.index("<footer") :]


def test_weighted_figures_stand_beside_the_others(public_services: Any) -> None:
    """The second release gives a column “weighted” and effective bases; the method box says so."""
    html = public_services.html
    assert '<th scope="col">Total<span class="ltr">weighted</span></th>' in html
    assert "Effective base" in html
    assert "Beside each table stand the same figures weighted. Weighted to made-up counts." in html


def test_the_method_box_says_who_how_and_how_sure(non_voters: Any, public_services: Any) -> None:
    """Always in this order; there is no response rate where nobody knows how many were asked."""
    box = re.search(r'<section class="card method".*?</section>', public_services.html, re.DOTALL)
    assert box is not None
    assert re.findall(r"<dt>(.*?)</dt>", box[0]) == [
        "Who was asked", "Who replied", "How", "Weighting", "How sure", "Protection",
    ]  # fmt: skip
    assert "2,439 of 30,400: a response rate of 8%." in box[0]
    assert "This covers chance, not who chose to answer." in box[0]
    assert "There is no response rate" in non_voters.html
    assert "This rests on a model (weights known, people drawn with replacement)" in non_voters.html
