"""The answers to one question over the people who are asked it: targets become numbers of people."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from topline.base import Mark, fail
from topline.rehearse.solve import Goal, above, below, counts_printed_as, feasible, hand_out, narrowed
from topline.rehearse.targets import Bound, Figure, Targets
from topline.study.address import Address, Condition, Filter
from topline.study.model import Study, Variable
from topline.study.values import Answer

Person = dict[str, Answer]
#: How far a leader without a figure stands from the share of all, as a part of it.
_LEAD = Fraction(1, 5)


@dataclass(frozen=True, slots=True)
class Group:
    """People with the numbers of each answer among them."""

    people: Sequence[Person]
    numbers: Mapping[str, int]


def of_people(shares: Mapping[str, Fraction], people: int) -> dict[str, int]:
    """Shares as whole numbers of people that add up: largest remainders."""
    whole = sum(shares.values()) or Fraction(1)
    exact = {name: share * people / whole for name, share in shares.items()}
    found = {name: int(number) for name, number in exact.items()}
    short = people - sum(found.values())
    for name in sorted(exact, key=lambda name: found[name] - exact[name])[:short]:
        found[name] += 1
    return found


def members_of(variable: Variable, answers: Sequence[str]) -> frozenset[str]:
    """The answers that names stand for: nets written out; missing kinds as they are."""
    return frozenset(member for name in answers for member in (variable.answers(name) or (name,)))


# --- blanks


def skipping(study: Study, targets: Targets, variable: Variable, people: Sequence[Person]) -> list[Person]:
    """Those who leave the question blank, by `bases` and by `counts`."""
    asked = [(each, number, mark) for each, number, mark in targets.bases if each.variable == variable.name]
    exact = targets.counts.get(variable.name, {}).get("blank")
    if exact is not None:
        asked.append((Address(variable.name), len(people) - exact, None))
    if not asked:
        return []
    by = _attribute([(each, mark) for each, _, mark in asked]) or ""
    groups = _grouped(people, by)
    goals = [
        Goal(str(each), _groups(study, each, groups), number, number, mark) for each, number, mark in asked
    ]
    sizes = {name: len(each) for name, each in groups.items()}
    _, most = feasible(sizes, goals)
    share = Fraction(most, max(len(people), 1))
    answering = hand_out(sizes, goals, most, {name: share * size for name, size in sizes.items()})
    return [person for name, each in groups.items() for person in each[answering[name] :]]


# --- answers


def spread_answers(
    study: Study,
    targets: Targets,
    variable: Variable,
    people: Sequence[Person],
    shares: Mapping[str, Fraction],
    draw: random.Random,
) -> list[Group]:
    """The people who answer, in groups, with the number of each answer in each group.

    Answers of the base are those of the question's list and the missing kinds that it offers.
    """
    figures = [figure for figure in targets.figures if figure.address.variable == variable.name]
    orders = [(each, mark) for each, mark in targets.orders if each.variable == variable.name]
    goals = _answer_goals(targets, variable, figures, bool(figures or orders), len(people))
    sizes = dict.fromkeys(_answers(variable), len(people))
    wanted = _wanted(shares, sizes, goals, len(people))
    within = [(each.address, each.mark) for each in figures if each.address.filters] + orders
    if not within:
        return [Group(people, hand_out(sizes, goals, len(people), wanted))]
    first, mark = within[0]
    chosen, *others = {_set(variable, address) for address, _ in within}
    if others:
        fail("rehearse-two-sets", mark, name=variable.name)
    groups = _grouped(people, _attribute(within) or "")
    of_groups = {name: len(each) for name, each in groups.items()}
    share = sum((wanted[name] for name in chosen), Fraction(0)) / max(len(people), 1)
    group_goals = _group_goals(study, figures, orders, groups, share)
    low, high = feasible(of_groups, group_goals)
    numbers = hand_out(sizes, [*goals, Goal(str(first), chosen, low, high, mark)], len(people), wanted)
    total = sum(numbers[name] for name in chosen)
    aims = {name: share * size * Fraction(draw.randint(85, 115), 100) for name, size in of_groups.items()}
    return _cross(groups, hand_out(of_groups, group_goals, total, aims), numbers, chosen)


def _cross(
    groups: Mapping[str, list[Person]],
    in_group: Mapping[str, int],
    numbers: Mapping[str, int],
    chosen: frozenset[str],
) -> list[Group]:
    """Part each group in those inside and outside the set of answers; two lists over all groups."""
    inside = [person for name, people in groups.items() for person in people[: in_group[name]]]
    outside = [person for name, people in groups.items() for person in people[in_group[name] :]]
    return [
        Group(inside, {name: number for name, number in numbers.items() if name in chosen}),
        Group(outside, {name: number for name, number in numbers.items() if name not in chosen}),
    ]


def _answers(variable: Variable) -> list[str]:
    return [option.name for option in variable.options] + [kind.name for kind in variable.missing]


def _in_base(variable: Variable) -> frozenset[str]:
    options = {option.name for option in variable.options}
    return frozenset(options | {kind.name for kind in variable.missing if kind.in_base})


def _set(variable: Variable, address: Address) -> frozenset[str]:
    """The answers that an address counts; its complement's for `!=`, so that one set serves both."""
    return members_of(variable, address.answers)


def _wanted(
    shares: Mapping[str, Fraction], sizes: Mapping[str, int], goals: Sequence[Goal], people: int
) -> dict[str, Fraction]:
    """How many of each answer the assumed shares want; scaled to the goals' ranges."""
    whole = sum((shares.get(name, Fraction(0)) for name in sizes), Fraction(0)) or Fraction(1)
    wanted = {name: shares.get(name, Fraction(0)) * people / whole for name in sizes}
    for goal in sorted(goals, key=lambda goal: -len(goal.members)):
        now = sum((wanted[name] for name in goal.members), Fraction(0))
        aim = min(max(now, Fraction(goal.low)), Fraction(goal.high))
        for name in goal.members:
            wanted[name] = wanted[name] * aim / now if now else aim / len(goal.members)
    return wanted


def _answer_goals(
    targets: Targets,
    variable: Variable,
    figures: Sequence[Figure],
    targeted: bool,
    people: int,
) -> list[Goal]:
    """Targets of everybody: exact counts, figures, bounds. Of kinds outside the base there are none."""
    goals = [
        Goal(f"counts: {variable.name}.{name}", frozenset({name}), number, number)
        for name, number in targets.counts.get(variable.name, {}).items()
        if name in _answers(variable)
    ]
    outside = frozenset(_answers(variable)) - _in_base(variable)
    if outside and targeted:
        goals += [Goal("", frozenset({name}), 0, 0) for name in outside]
    for figure in figures:
        if not figure.address.filters:
            low, high = _range(figure, people)
            goals.append(Goal(str(figure.address), _set(variable, figure.address), low, high, figure.mark))
    return goals + [
        _bound(each, variable, people) for each in targets.bounds if each.address.variable == variable.name
    ]


def _range(figure: Figure, base: int) -> tuple[int, int]:
    low, high = counts_printed_as(figure.percent, base)
    low, high = (base - high, base - low) if figure.address.op == "!=" else (low, high)
    if low > high:
        fail("rehearse-no-count", figure.mark, target=figure.address, percent=figure.percent, base=base)
    return low, high


def _bound(bound: Bound, variable: Variable, people: int) -> Goal:
    if bound.address.filters or bound.address.op == "!=":
        fail("rehearse-condition", bound.mark, target=bound.address)
    share, members = bound.percent / 100, _set(variable, bound.address)
    low, high = (0, below(share, people)) if bound.is_below else (above(share, people), people)
    return Goal(
        f"{bound.address} {'<' if bound.is_below else '>'} {bound.percent}", members, low, high, bound.mark
    )


# --- groups


def _attribute(addresses: Sequence[tuple[Address, Mark | None]]) -> str | None:
    """The one attribute that the addresses break a question down by; two are more than this solves."""
    names: dict[str, Mark | None] = {}
    for address, mark in addresses:
        names |= {each.name: mark for each in address.filters}
    if len(names) > 1:
        fail("rehearse-two-attributes", list(names.values())[-1], names=" and ".join(names))
    return next(iter(names), None)


def _grouped(people: Sequence[Person], by: str) -> dict[str, list[Person]]:
    groups: dict[str, list[Person]] = {}
    for person in people:
        groups.setdefault(str(person.get(by, "")), []).append(person)
    return groups


def _groups(study: Study, address: Address, groups: Mapping[str, object]) -> frozenset[str]:
    """The groups that an address speaks of, among those that have anybody."""
    if not address.filters:
        return frozenset(groups)
    (part,) = address.filters
    named = _named(study, part)
    return frozenset(name for name in groups if (name in named) is (part.op != "!="))


def _named(study: Study, part: Filter) -> frozenset[str]:
    variable = study.variables[part.name]
    return members_of(variable, part.groups)


def _group_goals(
    study: Study,
    figures: Sequence[Figure],
    orders: Sequence[tuple[Address, Mark | None]],
    groups: Mapping[str, list[Person]],
    share: Fraction,
) -> list[Goal]:
    """Targets within groups, and who leads: the leaders are fixed first, then the others kept behind them."""
    goals: dict[frozenset[str], Goal] = {}
    for figure in figures:
        if figure.address.filters:
            members = _groups(study, figure.address, groups)
            base = sum(len(groups[name]) for name in members)
            low, high = _range(figure, base)
            goals[members] = Goal(str(figure.address), members, low, high, figure.mark)
    for address, mark in orders:
        for condition in address.conditions:
            _lead(address, condition, mark, groups, goals, share)
    return list(goals.values())


def _lead(
    address: Address,
    condition: Condition,
    mark: Mark | None,
    groups: Mapping[str, list[Person]],
    goals: dict[frozenset[str], Goal],
    share: Fraction,
) -> None:
    high = condition.kind == "highest"
    shares = []
    for name in condition.names:
        members, size = frozenset({name}), len(groups.get(name, ()))
        goal = goals.get(members, Goal(str(address), members, 0, size, mark))
        aim = share * (1 + _LEAD if high else 1 - _LEAD) * size
        number = min(max(round(aim), goal.low), goal.high)
        goals[members] = narrowed(goal, number, number)
        shares.append(Fraction(number, max(size, 1)))
    for name, people in groups.items():
        if name in condition.names:
            continue
        members, size = frozenset({name}), len(people)
        goal = goals.get(members, Goal(str(address), members, 0, size, mark))
        behind = (
            narrowed(goal, 0, below(min(shares), size))
            if high
            else narrowed(goal, above(max(shares), size), size)
        )
        if behind.low > behind.high:
            fail(
                "rehearse-unreachable", mark, target=address, low=goal.low, high=goal.high, others=goal.target
            )
        goals[members] = behind
