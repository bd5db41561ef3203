"""Every claim of a report held against the released figures.

Checked so far are claims of the simple kind: one share (of an answer, a net, a complement, with filters), one
count, one base or mean. The rest is listed as not checked yet, never passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from topline.base import Finding, half_up
from topline.base.findings import catalogue
from topline.base.hints import suggest
from topline.claims.blocks import Block
from topline.claims.document import Claim, Document, read_document
from topline.claims.judge import Problem, Verdict, judge, offers
from topline.claims.phrases import Interval, Table, table
from topline.claims.unbound import Unbound, unbound
from topline.disclosure.released import Figure, Released
from topline.study.address import Address
from topline.study.marks import mark_of
from topline.study.model import Study
from topline.study.resolve import resolve

Status = Literal["holds", "weak", "fails"]
_SIMPLE_STATS = (None, "base", "count", "mean")
_LEVELS = {
    "fails": "claim_fails",
    "unit": "claim_unit",
    "base": "claim_base",
    "weak": "claim_weak",
    "clears": "claim_clears",
    "review": "claim_review",
    "figure": "claim_needs_figure",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim that was held against its figure. `offers` are true words, the most natural first."""

    claim: Claim
    status: Status
    findings: tuple[Finding, ...] = ()
    offers: tuple[str, ...] = ()
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A claim that is not of the simple kind, and why it was left."""

    claim: Claim
    why: str


@dataclass(frozen=True, slots=True)
class ClaimReport:
    """What became of each claim of a report. `findings` holds all findings in the order of their places."""

    document: Document
    findings: tuple[Finding, ...]
    checked: tuple[Checked, ...]
    not_checked: tuple[NotChecked, ...]
    unbound: tuple[Unbound, ...]
    waived: tuple[Claim, ...]

    def of(self, claim: Claim) -> Checked | None:
        """What became of a claim, if it was checked."""
        return next((checked for checked in self.checked if checked.claim == claim), None)


def requests(text: str, study: Study, file: str = "report.md") -> tuple[Address, ...]:
    """The addresses that a report's claims need, each once; those that the study does not have are left out.

    Conditions are cut off; spreads and contrasts stay as they are written.
    """
    found = dict[Address, None]()
    for claim in read_document(text, file).claims:
        if claim.address and claim.address.stat != "cite" and not resolve(claim.address, study):
            found[claim.address.figure] = None
    return tuple(found)


def check_report(study: Study, released: Released, text: str, file: str = "report.md") -> ClaimReport:
    """Check every claim of a report's text. Findings are returned, never raised."""
    document = read_document(text, file)
    checked: list[Checked] = []
    left: list[NotChecked] = []
    waived: list[Claim] = []
    checker = _Checker(study, released, _decimals(study), table())
    for claim in document.claims:
        if claim.kind == "waiver":
            waived.append(claim)
        elif (result := checker.claim(claim)) is None or isinstance(result, NotChecked):
            left.append(result or NotChecked(claim, _why("words")))
        else:
            checked.append(result)
            if claim.waives_words:
                waived.append(claim)
    loose = tuple(found for prose in document.prose for found in unbound(prose, table()))
    findings = [
        *document.faults,
        *blocks_of(document, study),
        *(fault for claim in waived for fault in claim.faults),
    ]
    findings += [finding for each in checked for finding in each.findings]
    findings += [_not_checked(each) for each in left]
    findings += [Finding("claim_unbound", {"words": each.words}, each.mark) for each in loose]
    findings.sort(key=Finding.sort_key)
    return ClaimReport(document, tuple(findings), tuple(checked), tuple(left), loose, tuple(waived))


def blocks_of(document: Document, study: Study) -> Iterator[Finding]:
    """What the study does not have of what the report's charts, tables and bases name."""
    splitters = [name for name, variable in study.variables.items() if variable.options]
    subjects = dict.fromkeys([*study.questionnaire.by_id, *splitters])
    for block in document.blocks:
        of: dict[str, object] = {"block": block.kind}
        if block.kind in ("chart", "table") and block.subject and block.subject not in subjects:
            hint = suggest(block.subject, subjects)
            yield Finding("block_no_question", {**of, "name": block.subject, "hint": hint}, block.mark)
        elif kind := not_shown(block.kind, block.subject, study):
            yield Finding("block_no_table", {**of, "name": block.subject, "kind": kind}, block.mark)
        for name in block.by:
            if name not in splitters:
                hint = suggest(name, splitters)
                yield Finding("block_no_attribute", {**of, "name": name, "hint": hint}, block.mark)
        if block.kind in ("chart", "table") and block.subject in subjects:
            yield from _picked(block, study)
        if block.kind == "chart" and len(block.by) > 1:
            yield Finding("block_one_by", {"found": ", ".join(block.by)}, block.mark)


def _picked(block: Block, study: Study) -> Iterator[Finding]:
    """Answers that a block names and its question lacks, and names in a chart that draws all answers."""
    variables = [
        v for v in study.variables.values() if block.subject in (v.name, v.question and v.question.id)
    ]
    rows: dict[str, None] = {"mean": None} if any(v.kind == "number" for v in variables) else {}
    for variable in variables:
        rows |= dict.fromkeys(option.name for option in variable.options)
        rows |= dict.fromkeys(net.name for net in variable.nets)
        rows |= dict.fromkeys((*(kind.name for kind in variable.counted), *variable.scores))
    for setting in ("sort", "show"):
        for name in (given := block.settings.get(setting, ())):
            if name not in rows:
                values = {"of": block.subject, "name": name, "setting": setting, "hint": suggest(name, rows)}
                yield Finding("block_no_answer", values, mark_of(name) or block.mark)
        if given and block.kind == "chart" and not block.by:
            values = {"of": block.subject, "setting": setting}
            yield Finding("block_every_answer", values, mark_of(given[0]) or block.mark)


def not_shown(block: str, subject: str, study: Study) -> str | None:
    """The kind of a question of which there is no such block (a ranking, a date, words); None for others."""
    question = study.questionnaire.by_id.get(subject)
    kinds = ("rank", "date", "text", "info", *(["number"] if block == "chart" else []))
    return question.kind if question and question.kind in kinds else None


def why_not_simple(address: Address) -> str | None:
    """Why an address is not of the simple kind that is checked; None if it is."""
    if address.stat == "cite":
        return _why("cite")
    if address.is_spread:
        return _why("spread")
    if address.is_contrast:
        return _why("contrast")
    if address.waves:
        return _why("wave")
    if address.conditions:
        return _why("condition")
    return None if address.stat in _SIMPLE_STATS else _why("stat")


@dataclass(frozen=True, slots=True)
class _Checker:
    study: Study
    released: Released
    decimals: int
    table: Table

    def claim(self, claim: Claim) -> Checked | NotChecked | None:
        if claim.faults:
            return Checked(claim, "fails", claim.faults)
        if claim.kind == "quote":
            return NotChecked(claim, _why("quote"))
        address = claim.address
        if address is None:
            return None
        if faults := resolve(address, self.study, claim.mark):
            return Checked(claim, "fails", tuple(faults))
        if why := why_not_simple(address):
            return NotChecked(claim, why)
        figure = self.released.figures.get(address)
        return self.figure(claim, figure) if figure else NotChecked(claim, _why("unreleased"))

    def figure(self, claim: Claim, figure: Figure) -> Checked | None:
        if figure.hidden or figure.value is None:
            values = {"words": claim.words, "address": figure.address, "mark": figure.hidden or ""}
            return Checked(claim, "fails", (Finding("claim_hidden", values, claim.mark),), figure=figure)
        verdict = judge(claim.words, figure, self.decimals, self.table)
        if not verdict.read:
            return None
        if claim.waives_words:
            verdict = _numbers_only(verdict)
        true = offers(claim.words, figure, self.decimals, self.table) if verdict.problems else ()
        findings = _findings(verdict.problems, claim, figure, true, self.decimals)
        findings += [
            Finding("claim_unread", {"part": part, "words": claim.words}, claim.mark)
            for part in verdict.unread
        ]
        severities = {finding.severity for finding in findings}
        status: Status = "fails" if "error" in severities else "weak" if "warning" in severities else "holds"
        return Checked(claim, status, tuple(findings), true, figure)


def describe(figure: Figure, decimals: int = 1) -> str:
    """A figure in words: `89.8% (95% CI 88.9 to 90.6, base 5,816)`; one decimal more than is printed."""
    if figure.value is None:
        return f"hidden {figure.hidden}"
    if figure.unit == "count":
        return f"{half_up(figure.value):,}"
    sign = "%" if figure.unit == "percent" else ""
    inside = []
    if figure.low is not None and figure.high is not None:
        inside.append(f"95% CI {half_up(figure.low, decimals)} to {half_up(figure.high, decimals)}")
    if figure.base is not None:
        inside.append(f"base {figure.base:,}")
    return f"{half_up(figure.value, decimals)}{sign}" + (f" ({', '.join(inside)})" if inside else "")


def span(interval: Interval, unit: str = "%") -> str:
    """An interval as a person would say it: `90% or more`, `more than 33.3% and at most 36.3%`."""
    low, high = (f"{half_up(end, 1).normalize():f}{unit}" for end in (interval.low, interval.high))
    if interval.low == interval.high:
        return low
    if unit == "%" and interval.high >= 100 and interval.high_in:
        return f"{low} or more" if interval.low_in else f"more than {low}"
    if unit == "%" and interval.low <= 0 and interval.low_in:
        return f"{high} or less" if interval.high_in else f"less than {high}"
    start = f"at least {low}" if interval.low_in else f"more than {low}"
    return f"{start} and {'at most' if interval.high_in else 'less than'} {high}"


def _findings(
    problems: tuple[Problem, ...], claim: Claim, figure: Figure, true: tuple[str, ...], decimals: int
) -> list[Finding]:
    """One finding for each message: two parts of the words that fail are one fault of the sentence."""
    found: dict[str, Finding] = {}
    for problem in problems:
        finding = _finding(problem, claim, figure, true, decimals)
        if (first := found.get(finding.id)) is None:
            found[finding.id] = finding
        elif first.values["needs"] != finding.values["needs"]:
            both = f"{first.values['needs']}{finding.values['needs']}"
            found[finding.id] = replace(first, values={**first.values, "needs": both})
    return list(found.values())


def _finding(problem: Problem, claim: Claim, figure: Figure, true: tuple[str, ...], decimals: int) -> Finding:
    unit = "%" if figure.unit == "percent" else ""
    needs = f" “{problem.part}” needs {span(problem.needs, unit)}." if problem.needs else ""
    values: dict[str, object] = {
        "words": claim.words,
        "address": figure.address,
        "figure": describe(figure, decimals + 1),
        "phrase": problem.part,
        "needs": needs if problem.level in ("fails", "weak") else "",
        "advice": f" Write {_or(true)}." if true else "",
        "share": true[-1] if true else "",
        "base": f"{figure.base:,}" if figure.base is not None else "",
        "given": problem.part,
        "suits": span(problem.needs, unit) if problem.needs else "",
    }
    end = figure.low if (figure.value or 0) > 50 else figure.high
    values["end"] = f"{half_up(end, decimals + 1)}%" if end is not None else ""
    return Finding(_LEVELS[problem.level], values, claim.mark)


def _numbers_only(verdict: Verdict) -> Verdict:
    """A waiver of the words leaves the number: it must still be the figure's."""
    kept = [
        p for p in verdict.problems if p.level in ("unit", "base") or (p.level == "fails" and not p.needs)
    ]
    return replace(verdict, problems=tuple(kept))


def _not_checked(each: NotChecked) -> Finding:
    values = {"words": each.claim.words, "target": each.claim.target, "why": each.why}
    return Finding("claim_not_checked", values, each.claim.mark)


def _or(words: tuple[str, ...]) -> str:
    quoted = [f"“{each}”" for each in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _why(name: str) -> str:
    return catalogue()[f"claim_why_{name}"][1]


def _decimals(study: Study) -> int:
    settings = study.settings.get("report")
    found = settings.get("decimals") if isinstance(settings, dict) else None
    return int(str(found)) if found is not None else 0


def failing(report: ClaimReport) -> Iterator[Checked]:
    """The claims that do not hold."""
    return (each for each in report.checked if each.status == "fails")
