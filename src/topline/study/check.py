"""Check a study that could be built: names, routes, texts, plans; one finding for each fault."""

from __future__ import annotations

from topline.base import Finding
from topline.study.model import Study


def check_study(study: Study, *, names_only: bool = False) -> list[Finding]:
    """Every finding about a built study, in the order of the files.

    `names_only` leaves out all but what other layers cannot work without: names in conditions and plans.
    """
    findings: list[Finding] = []
    return sorted(findings, key=Finding.sort_key)
