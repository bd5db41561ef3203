"""Check a study that could be built: names, routes, texts, plans; one finding for each fault."""

from __future__ import annotations

from topline.base import Finding
from topline.study.conditions import condition_findings
from topline.study.model import Study
from topline.study.reach import reach_findings
from topline.study.rules.derived import derived_findings
from topline.study.rules.plans import plan_findings
from topline.study.rules.questions import question_findings
from topline.study.rules.waves import wave_findings
from topline.study.sentence import base_findings
from topline.study.translations import load_translations


def check_study(study: Study, *, names_only: bool = False) -> list[Finding]:
    """Every finding about a built study, in the order of the files.

    `names_only` leaves out all but what other layers cannot work without: names in conditions and plans.
    """
    findings = condition_findings(study)
    findings += question_findings(study)
    routes_fit = not _has_errors(findings)
    findings += derived_findings(study)
    findings += plan_findings(study)
    if not names_only:
        findings += _who_is_asked(study) if routes_fit else []
        findings += wave_findings(study)
        findings += load_translations(study)[1]
    return sorted(findings, key=Finding.sort_key)


def _who_is_asked(study: Study) -> list[Finding]:
    """Findings about routes; those about the words for them only once somebody takes every route."""
    found = reach_findings(study)
    return found if _has_errors(found) else [*found, *base_findings(study)]


def _has_errors(findings: list[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)
