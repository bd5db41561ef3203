"""Whether made-up answers come to their targets: counted anew, person by person, without the solver."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from topline.base import fail, half_up
from topline.rehearse.spread import Person, members_of
from topline.rehearse.targets import Targets
from topline.study.address import Address, Filter
from topline.study.model import Study, Variable
from topline.study.values import NoAnswer


def verify(study: Study, targets: Targets, people: Sequence[Person]) -> None:
    """Raise a ToplineError for the first target that the answers miss."""
    for figure in targets.figures:
        found = half_up(share_of(study, figure.address, people) * 100)
        if found != figure.percent:
            fail("rehearse-missed", figure.mark, target=figure.address, wanted=figure.percent, found=found)
    for address, mark in targets.orders:
        for condition in address.conditions:
            if not _leads(study, address, condition.kind, condition.names, people):
                fail("rehearse-missed", mark, target=address, wanted="true", found="answers that break it")
    for bound in targets.bounds:
        share = share_of(study, bound.address, people) * 100
        if not (share < bound.percent if bound.is_below else share > bound.percent):
            fail(
                "rehearse-missed", bound.mark, target=bound.address, wanted=bound.percent, found=float(share)
            )
    for address, number, mark in targets.bases:
        if (base := len(_base(study, address, people))) != number:
            fail("rehearse-missed", mark, target=address, wanted=number, found=base)
    for row in targets.falling:
        shares = [share_of(study, address, people) for address in row]
        if sorted(shares, reverse=True) != shares or len(set(shares)) < len(shares):
            shown = ", ".join(f"{float(share):.1%}" for share in shares)
            fail("rehearse-order-missed", target=" > ".join(map(str, row)), found=shown)


def share_of(study: Study, address: Address, people: Sequence[Person]) -> Fraction:
    """The unrounded share of an address among those in its base; 0 for an empty base."""
    variable = study.variables[address.variable]
    base = _base(study, address, people)
    wanted = members_of(variable, address.answers)
    hits = sum((_name(person, variable.name) in wanted) is (address.op != "!=") for person in base)
    return Fraction(hits, len(base)) if base else Fraction(0)


def _base(study: Study, address: Address, people: Sequence[Person]) -> list[Person]:
    variable = study.variables[address.variable]
    return [each for each in people if _in_base(variable, each) and _in_filters(study, address, each)]


def _leads(study: Study, address: Address, kind: str, names: Sequence[str], people: Sequence[Person]) -> bool:
    (part,) = address.filters
    groups = dict.fromkeys(str(person[part.name]) for person in people)
    shares = {
        group: share_of(
            study, Address(address.name, address.row, address.op, address.answers, filters=(one,)), people
        )
        for group, one in ((group, Filter(part.name, "=", (group,))) for group in groups)
    }
    first = [shares.pop(name) for name in names]
    rest = list(shares.values())
    return not rest or (min(first) > max(rest) if kind == "highest" else max(first) < min(rest))


def _in_base(variable: Variable, person: Person) -> bool:
    answer = person.get(variable.name)
    if isinstance(answer, NoAnswer):
        return any(kind.name == answer.kind and kind.in_base for kind in variable.missing)
    return answer is not None


def _in_filters(study: Study, address: Address, person: Person) -> bool:
    for part in address.filters:
        named = members_of(study.variables[part.name], part.groups)
        if (_name(person, part.name) in named) is not (part.op != "!="):
            return False
    return True


def _name(person: Person, name: str) -> str:
    answer = person.get(name)
    return answer.kind if isinstance(answer, NoAnswer) else str(answer)
