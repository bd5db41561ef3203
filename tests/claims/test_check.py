"""Claims of a whole report, held against released figures."""

import pytest

from topline.claims import check_report, requests
from topline.disclosure.released import Released
from topline.study.model import Study


def findings(study: Study, figures: Released, text: str) -> list[str]:
    """The findings of a text, as they are printed."""
    return [str(finding) for finding in check_report(study, figures, text).findings]


@pytest.mark.parametrize(
    "text",
    [
        "[Just over a third (36%)](#skills=agree) agree, [64%](#skills!=agree) don't.",
        "[Nine in ten (90%)](#skills=agree/department=moj) of Justice.",
        "[2,390](#base(skills)) of [2,439](#responses) answered; [over 2,400](#responses) replied.",
        "In July 2013, on 3 November, see Chapter 1, three things.",
        "The most common reason, and the third one of all.",
        "`36%` in code is code.",
    ],
)
def test_true_claims_and_harmless_words_give_no_finding(study: Study, figures: Released, text: str) -> None:
    """What holds is passed without a word; years, dates and numbered things are no figures."""
    assert findings(study, figures, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Most: [nine in ten (88%)](#skills=agree/department=moj).",
            "report.md:1:7 error: “nine in ten (88%)” but skills=agree/department=moj is 89.8% (95% "
            "CI 88.9 to "
            "90.6, base 5,816). Write “nine in ten (90%)”, “about nine in ten (90%)” or “90%”.",
        ),
        (
            "So\n[less than a quarter](#skills=yes) agree.",
            "report.md:2:1 error: “less than a quarter” but skills=yes is 26.3% (95% CI 24.6 to 28.1, base "
            "2,390). “less than a quarter” needs at least 20% and less than 25%. Write “just over a "
            "quarter "
            "(26%)”, “about a quarter (26%)” or “26%”.",
        ),
        (
            "[The vast majority](#skills!=agree).",
            "report.md:1:1 error: “The vast majority” but skills!=agree is 63.8% (base 2,390). “The vast "
            "majority” needs 80% or more. Write “The majority (64%)”, “Just under two-thirds (64%)” "
            "or “64%”.",
        ),
        (
            "[36%](#skills=agree/department=wo) of Wales.",
            "report.md:1:1 error: “36%” speaks of skills=agree/department=wo, which is hidden [c]. "
            "Leave it "
            "out, or speak of a larger group.",
        ),
        (
            "[36% of the 2,439](#skills=agree).",
            "report.md:1:1 error: “36% of the 2,439” but the base of skills=agree is 2,390.",
        ),
        (
            "[36%](#skils=agree).",
            "report.md:1:1 error: there is no question or attribute “skils”. Did you mean skills?",
        ),
        (
            "[36%](#skills=).",
            "report.md:1:15 error: “#skills=” is not an address: an answer or net is expected at "
            "“the end”.",
        ),
        (
            "[Many](#waive) of them.",
            'report.md:1:1 error: “Many” is waived without a reason. Write [Many](#waive "why it '
            'needs no figure").',
        ),
        (
            "[Many](#skills=agree).",
            "report.md:1:1 warning: “Many” says nothing without its figure. Write “Many (36%)”.",
        ),
        (
            "[fully 36%](#skills=agree).",
            "report.md:1:1 warning: “fully” in “fully 36%” suits figures 50% or more; skills=agree "
            "is 36.2% (base "
            "2,390). A person should look.",
        ),
        (
            "They say\n- so: 36% do.",
            "report.md:2:7 warning: “36%” is bound to no figure. Write [36%](#ADDRESS), or "
            "[36%](#waive \"why it "
            "needs no figure\").",
        ),
        (
            "| a | b |\n| - | - |\n| 1 | the majority |",
            "report.md:3:7 warning: “the majority” is bound to no figure. Write [the "
            "majority](#ADDRESS), or [the "
            'majority](#waive "why it needs no figure").',
        ),
        (
            "[twice as many](#skills=agree/department=moj:wo).",
            "report.md:1:1 note: “twice as many” (#skills=agree/department=moj:wo) is not checked "
            "yet: it compares "
            "two figures.",
        ),
        (
            "[8%](#response_rate/department=moj).",
            "report.md:1:1 note: “8%” (#response_rate/department=moj) is not checked yet: its "
            "figure is not worked "
            "out yet.",
        ),
        (
            "[the skills](#skills=agree).",
            "report.md:1:1 note: “the skills” (#skills=agree) is not checked yet: its words hold no "
            "phrase of the "
            "table.",
        ),
        (
            "```table order\n```",
            "report.md:1:1 error: there is no table of order yet, because it is a rank question. "
            "Take the block out.",
        ),
        (
            "```chart devices\n```",
            "report.md:1:1 error: there is no chart of devices yet, because it is a number question. "
            "Take the block out.",
        ),
        (
            "```chart skils\n```",
            "report.md:1:1 error: there is no question “skils” for this chart. Did you mean skills?",
        ),
        (
            "Text.\n\n```table skills by departement\n```",
            "report.md:3:1 error: there is no attribute or question “departement” to split this table by. "
            "Did you mean department?",
        ),
        (
            "```chart skills by department, trust.police\n```",
            "report.md:1:1 error: a chart is split by one attribute: department, trust.police are named. "
            "Draw one chart for each.",
        ),
        (
            "```chart skills by department\nshow: [agree, yess]\n```",
            "report.md:2:15 error: skills has no answer or net “yess” to show. Did you mean yes?",
        ),
        (
            "```table trust\nshow: [dogs]\n```",
            "report.md:2:8 error: trust has no answer or net “dogs” to show. It may be: yes, maybe, no.",
        ),
        (
            "```table trust\nshow: [[no]]\n```",
            "report.md:2:8 error: trust has no answer or net “[no]” to show. Did you mean no?",
        ),
        (
            "```chart skills by department\nsort: agre\n```",
            "report.md:2:7 error: skills has no answer or net “agre” to sort. Did you mean agree?",
        ),
        (
            "```chart skills\nshow: [agree]\n```",
            "report.md:2:8 warning: this chart draws every answer, so show: changes nothing. Take it out, or "
            "draw one answer by groups: ```chart skills by ATTRIBUTE",
        ),
        (
            "[36% of those aged 18](#skills=agree).",
            "report.md:1:1 note: “18” in “36% of those aged 18” was not read; the rest of it was checked.",
        ),
    ],
)  # fmt: skip
def test_a_planted_fault_is_said_at_its_place(
    study: Study, figures: Released, text: str, expected: str
) -> None:
    """One fault, its place, what the data say and what would be true."""
    found = [each for each in findings(study, figures, text) if "“Most”" not in each]
    if "| 1 |" in text:
        assert len(found) == 2
        found = found[1:]
    assert found == [expected]


def test_a_waived_phrase_keeps_its_number_checked(study: Study, figures: Released) -> None:
    """“waive phrase:” waives the words, never the digits; it is listed among the waivers."""
    fine = check_report(
        study, figures, '[vast majority (64%)](#skills!=agree "waive phrase: agreed with client")'
    )
    assert not fine.findings
    assert [claim.waives_words for claim in fine.waived] == ["agreed with client"]
    wrong = check_report(
        study, figures, '[vast majority (61%)](#skills!=agree "waive phrase: agreed with client")'
    )
    assert [finding.id for finding in wrong.findings] == ["claim_fails"]


def test_each_claim_is_in_exactly_one_list(study: Study, figures: Released) -> None:
    """Checked, not checked or waived; loose numbers apart."""
    text = (
        '[36%](#skills=agree), [Many](#waive "rhetorical"), '
        "[first](#skills=agree/department=*?highest=moj), 12%."
    )
    report = check_report(study, figures, text)
    assert [each.claim.words for each in report.checked] == ["36%"]
    assert [each.claim.words for each in report.not_checked] == ["first"]
    assert [claim.words for claim in report.waived] == ["Many"]
    assert [each.words for each in report.unbound] == ["12%"]


def test_requests_are_the_addresses_that_exist_each_once(study: Study) -> None:
    """Conditions are cut off; waivers, quotes and names that don't exist ask for nothing."""
    text = (
        "[36%](#skills=agree) [x](#skils=agree) [y](#skills=agree/department=*?highest=moj) "
        "[36%](#skills=agree)"
        ' [z](#waive "so") [c](#cite(a.b))'
    )
    assert [str(address) for address in requests(text, study)] == [
        "skills=agree",
        "skills=agree/department=*",
    ]
