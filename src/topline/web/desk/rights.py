"""Who may do what: one table and one question, answered with no unless the table says yes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_SEE: Final = frozenset({"see", "download"})
_ACT: Final = frozenset({"audit", "pause", "resume", "extend", "close"})
_KEY: Final = frozenset({"key"})  # forms on paper
_LEAD: Final = _SEE | _ACT | _KEY | {"decide"}  # of forms that two others keyed
ROLES: Final = {"keyer": _KEY, "viewer": _SEE, "lead": _LEAD, "administrator": _LEAD}
VERBS: Final = _LEAD


@dataclass(frozen=True, slots=True)
class Granted:
    """A role in one study (empty: in every study), for one department (empty: for the whole study)."""

    role: str
    study: str = ""
    department: str = ""


def can(grants: Iterable[Granted], verb: str, study: str, department: str | None = None) -> bool:
    """Whether somebody with these grants may do it; `department` None asks about the whole study.

    Who is of one department sees its figures and does nothing to the study.
    """
    return any(
        verb in ROLES.get(each.role, frozenset())
        and each.study in ("", study)
        and (not each.department or (verb in _SEE and each.department == department))
        for each in grants
    )


def departments(grants: Iterable[Granted], study: str) -> frozenset[str]:
    """The departments that somebody may see in a study, beside what is seen of the whole."""
    return frozenset(
        each.department for each in grants if each.department and can([each], "see", study, each.department)
    )


def may_enter(grants: Iterable[Granted], verb: str, study: str) -> bool:
    """Whether a page of a study may be opened at all: for the whole, or for a department of it."""
    held = list(grants)
    return can(held, verb, study) or any(can(held, verb, study, each) for each in departments(held, study))


def tabs(grants: Iterable[Granted], study: str) -> dict[str, bool]:
    """Which pages of a study stand in its head, for somebody with these grants."""
    held = list(grants)
    return {
        "may_see": may_enter(held, "see", study),
        "may_audit": can(held, "audit", study),
        "may_key": can(held, "key", study),
    }
