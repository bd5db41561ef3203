"""Places of claims in a report, and its fenced blocks."""

import pytest

from topline.base import Mark
from topline.claims.document import read_document

REPORT = """\
# A title with [36%](#skills=agree) in it ##

Words [45%](#momentum=not_moved) and on the
next line a further **[16%](#momentum=stalled)**, then [just over
a third (36%)](#skills=agree), `[code](#x=y)` and [a page](https://example.org/#x=y).

> Quoted: [74%](#device_controls=agree)
> and [95%][far].

1. In a list: [9%](#progress.security=positive)
   - deeper, [9%](#progress.security=positive) again [9%](#progress.security=positive)

| Who | Share |
| --- | --- |
| [MoJ](#waive "a name") | [43%](#skills=agree/department=moj) |
| 43% | [43%](#skills=agree/department=dft) |

```chart skills by department, seniority
title: "[MoJ and DfT](#skills=agree) share 43%"
sort: agree
show: [agree, disagree]
```

```main-points
- "[36%](#skills=agree) say so."
- '[31%](#progress.flexible=positive) as well.'
```

> ```chart momentum
> title: "[45%](#momentum=not_moved) say no"
> ```

[far]: #mobile_access=no "waive phrase: agreed"
"""


def test_every_claim_is_found_at_its_line_and_column() -> None:
    """The place is that of the opening bracket, in headings, lists, quotes, tables and titles."""
    document = read_document(REPORT, "report.md")
    lines = REPORT.splitlines()
    assert len(document.claims) == 16
    for claim in document.claims:
        found = lines[claim.mark.line - 1][claim.mark.column - 1 :]
        assert found.startswith(f"[{claim.words.split()[0]}"), (claim, found)
    places = [(claim.mark.line, claim.mark.column) for claim in document.claims]
    assert len(set(places)) == len(places)
    assert document.claims[-1].mark == Mark("report.md", 30, 11)


def test_words_over_two_lines_are_one_text() -> None:
    """A claim that wraps keeps its words, joined by a space."""
    document = read_document(REPORT)
    assert document.claims[3].words == "just over a third (36%)"
    assert document.claims[3].mark == Mark("report.md", 4, 56)


def test_kinds_and_notes_of_claims() -> None:
    """Waivers keep their reason, reference links their title."""
    document = read_document(REPORT)
    (waiver,) = [claim for claim in document.claims if claim.kind == "waiver"]
    assert (waiver.words, waiver.note) == ("MoJ", "a name")
    far = next(claim for claim in document.claims if claim.words == "95%")
    assert far.waives_words == "agreed"
    assert str(far.address) == "mobile_access=no"
    (quote,) = read_document("> “Words”\n>\n> [a respondent](#quote=one)").claims
    assert quote.kind == "quote"


def test_faults_of_an_address_stand_at_the_address() -> None:
    """Inline, the column is inside the parentheses; by reference, in the definition."""
    document = read_document("So [36%](#skills=) and\n[37%][far].\n\n[far]: #skills=agree?best=a\n")
    first, second = document.claims
    assert first.faults[0].mark == Mark("report.md", 1, 18)
    assert second.faults[0].mark == Mark("report.md", 4, 22)


def test_blocks_are_read_with_their_settings() -> None:
    """Subject, banner, titles and settings of each fenced block; other fences are left alone."""
    document = read_document(REPORT)
    chart, points, quoted = document.blocks
    assert (chart.kind, chart.subject, chart.by) == ("chart", "skills", ("department", "seniority"))
    assert chart.settings == {"sort": ("agree",), "show": ("agree", "disagree")}
    assert [title.key for title in points.titles] == ["0", "1"]
    assert quoted.subject == "momentum"
    plain = read_document("```\nprint(36)\n```\n")
    assert (plain.blocks, plain.faults) == ((), ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("```chart\n```\n", "report.md:1:1 error: “” does not say what the chart is of."),
        ("```bases\n```\n", "report.md:1:1 error: bases needs the attributes to count by."),
        (
            "Text.\n\n> ```abuot\n> ```\n",
            "report.md:3:3 error: there is no block “abuot”. Did you mean about? Write ```about",
        ),
        ("```Chart skills\n```\n", "report.md:1:1 error: there is no block “Chart”. Did you mean chart?"),
        (
            "```python\nprint(36)\n```\n",
            "report.md:1:1 warning: “python” is no block, so the lines under it are shown as they are "
            "written. Blocks: chart, table, bases, about, main-points. If they should be shown so, write",
        ),
        ("```about me\n```\n", "report.md:1:1 error: about takes nothing on its first line."),
        (
            "```chart a\nshape: bar\n```\n",
            "report.md:2:1 error: chart has no setting “shape”. Use one of: title,",
        ),
        ("```chart a\ntitel: bar\n```\n", "Did you mean title?"),
        ("```chart a\ntitle: a: b\n```\n", "report.md:2:9 error: this chart cannot be read: mapping values"),
        ("```chart a\ntitle: [a]\n```\n", "report.md:2:8 error: title of the chart must be one text."),
        ("```chart a\njust words\n```\n", "report.md:1:1 error: the settings of a chart stand one a line"),
        (
            "```main-points\na: b\n```\n",
            "report.md:1:1 error: main points stand one a line, each after a dash",
        ),
    ],
)
def test_a_fault_of_a_block_is_said_at_its_place(text: str, message: str) -> None:
    """What is wrong, where, and what to write."""
    (finding,) = read_document(text).faults
    assert message in str(finding)
