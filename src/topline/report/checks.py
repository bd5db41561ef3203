"""The annex of a report: what became of every claim, with its place."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from topline.base import Mark
from topline.claims.phrases import table
from topline.report.context import Context
from topline.report.html import element


def checks(context: Context) -> str:
    """How many claims are checked, left, unbound or waived, and the place of each that does not hold."""
    claims = context.claims
    fails = [each for each in claims.checked if each.status == "fails"]
    weak = [each for each in claims.checked if each.status == "weak"]
    holds = "report-checked-some" if fails or weak else "report-checked-all"
    ended = context.say(holds, fails=len(fails), weak=len(weak))
    counts = [
        ("report-checked", context.say("report-checked-text", n=len(claims.checked)) + ended),
        ("report-not-checked", context.say("report-not-checked-text", n=len(claims.not_checked)) + "."),
        ("report-unbound", context.say("report-unbound-text", n=len(claims.unbound)) + "."),
        ("report-waived", context.say("report-waived-text", n=len(claims.waived)) + "."),
    ]
    inside = element("h2", escape(context.say("report-checks")), id="checks", class_="new")
    profile = context.say("report-checks-intro", profile=table().profile)
    inside += element("p", escape(profile), class_="small")
    terms = "".join(
        element("div", element("dt", escape(context.say(head))) + element("dd", escape(text)))
        for head, text in counts
    )
    inside += element("dl", terms, class_="counted")
    judged = [("report-failing", fails), ("report-weak", weak)]
    for head, found in judged:
        lines = [(each.claim.mark, each.claim.words, _said(each.findings)) for each in found]
        inside += _list(context.say(head), lines)
    left = [
        (each.claim.mark, each.claim.words, f"{each.claim.target}: {each.why}.")
        for each in claims.not_checked
    ]
    inside += _list(context.say("report-not-checked"), left)
    inside += _list(context.say("report-unbound"), [(each.mark, each.words, "") for each in claims.unbound])
    waived = [(each.mark, each.words, each.waives_words or each.note) for each in claims.waived]
    inside += _list(context.say("report-waived"), waived)
    return element("section", inside, class_="checks", aria_labelledby="checks")


def _said(findings: Iterable[object]) -> str:
    return " ".join(getattr(finding, "text", "") for finding in findings)


def _list(heading: str, lines: list[tuple[Mark, str, str]]) -> str:
    if not lines:
        return ""
    items = "".join(
        element("li", f"{element('code', escape(str(mark)))} {escape(_once(words, said))}")
        for mark, words, said in lines
    )
    return element("h3", escape(heading)) + element("ul", items, class_="places")


def _once(words: str, said: str) -> str:
    """The words in quotation marks, then what is said of them, which may begin with them itself."""
    quoted = f"“{words}”"
    return said if said.startswith(quoted) else f"{quoted} {said}".rstrip()
