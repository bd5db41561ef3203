"""Checked claims: prose bound to released figures, and the phrase rules (docs/explanation/claims.md)."""

from topline.claims.check import Checked, ClaimReport, NotChecked, check_report, not_shown, requests
from topline.claims.document import Claim, Document, read_document
from topline.claims.fix import fixes

__all__ = [
    "Checked",
    "Claim",
    "ClaimReport",
    "Document",
    "NotChecked",
    "check_report",
    "fixes",
    "not_shown",
    "read_document",
    "requests",
]
