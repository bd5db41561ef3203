"""Whether the names of an address exist in a study, and what else might have been meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from topline.base import Finding, Mark
from topline.base.hints import suggest
from topline.study.address import ALL, BOUNDS, RANKS, Address, Filter
from topline.study.model import Row, Study, Variable

_SHARES = ("codes", "set", "rank")

_Make = Callable[..., Finding]


def resolve(address: Address, study: Study, mark: Mark | None = None) -> list[Finding]:
    """Say which names of `address` the study does not have; an empty list means that all of them exist.

    Cited figures and waves are not looked up here: they stand in files of their own.
    """

    def make(id: str, **values: object) -> Finding:
        return Finding(id, values, mark)

    if address.stat == "cite":
        return []
    found = [*_measure(address, study, make)]
    for part in address.filters:
        found += _filter(part, study, make)
    return found or list(_conditions(address, study, make))


def measured(address: Address, study: Study) -> tuple[Variable, ...]:
    """The variables that an address measures: one, or every row of a grid for `.*`. Empty for sets, counters.

    Raises KeyError if `resolve` would have found that there is none.
    """
    if address.is_set or address.is_counter or address.stat == "cite":
        return ()
    if address.row == ALL:
        return tuple(study.variables[f"{address.name}.{row.name}"] for row in _rows(study, address.name))
    return (study.variables[address.variable],)


def _measure(address: Address, study: Study, make: _Make) -> Iterator[Finding]:
    if address.is_counter:
        return
    if address.is_set:
        sets = _sets(study)
        if address.name not in sets:
            yield make("address_no_set", name=address.name, hint=suggest(address.name, sets))
        return
    names = dict.fromkeys([*study.questionnaire.by_id, *(n for n in study.variables if "." not in n)])
    if address.name not in names:
        yield make("address_no_question", name=address.name, hint=suggest(address.name, names))
        return
    if wrong := _row(address, study, make):
        yield wrong
        return
    variable = measured(address, study)[0]
    if address.stat in ("mean", "median", "index"):
        if variable.kind != "number" and not variable.scores:
            yield make("address_stat_of_number", stat=address.stat, question=variable.name)
    elif address.stat == "base" and not address.answers:
        return
    elif variable.kind not in _SHARES:
        example = f"mean({address.variable})" if variable.kind == "number" else f"base({address.variable})"
        yield make("address_not_shares", question=address.variable, kind=variable.kind, example=example)
        return
    elif not address.answers:
        example = f"{address.variable}={variable.options[0].name}"
        yield make("address_needs_answer", question=address.variable, example=example)
    yield from _answers(address, variable, make)


def _row(address: Address, study: Study, make: _Make) -> Finding | None:
    rows = {row.name for row in _rows(study, address.name)}
    if not rows and address.row:
        return make("address_rowless", question=address.name, row=address.row)
    if rows and not address.row:
        example = " or ".join(f"{address.name}.{name}" for name in (*sorted(rows)[:1], ALL))
        return make("address_needs_row", question=address.name, example=example)
    if rows and address.row not in (ALL, *rows):
        hint = suggest(address.row or "", rows)
        return make("address_no_row", question=address.name, name=address.row, hint=hint)
    return None


def _answers(address: Address, variable: Variable, make: _Make) -> Iterator[Finding]:
    kinds = {missing.name: missing.in_base for missing in variable.missing}
    if variable.question and (blank := variable.question.blank):
        kinds[blank.name] = blank.in_base
    known = [*_groups(variable), *(name for name, in_base in kinds.items() if in_base)]
    for name in address.answers:
        if kinds.get(name) is False:
            yield make("address_not_in_base", name=name, question=address.variable)
        elif name != ALL and name not in known:
            yield make("address_no_answer", question=address.variable, name=name, hint=suggest(name, known))


def _filter(part: Filter, study: Study, make: _Make) -> Iterator[Finding]:
    if part.op is None:
        if part.name not in study.groups:
            yield make("address_no_filter", name=part.name, hint=suggest(part.name, study.groups))
        return
    variable = study.variables.get(part.name)
    if variable is None:
        known = [name for name, v in study.variables.items() if v.kind in ("codes", "set")]
        yield make("address_no_filter", name=part.name, hint=suggest(part.name, known))
    elif variable.kind not in ("codes", "set"):
        yield make("address_not_a_filter", name=part.name)
    else:
        groups = (*_groups(variable), *(kind.name for kind in variable.counted))
        named = (*part.groups, *((part.versus,) if part.versus not in (None, "rest", "all") else ()))
        for name in named:
            if name != ALL and name not in groups:
                yield make(
                    "address_no_group", attribute=part.name, name=name, hint=suggest(name or "", groups)
                )


def _conditions(address: Address, study: Study, make: _Make) -> Iterator[Finding]:
    for condition in address.conditions:
        if condition.kind not in (*RANKS, *BOUNDS):
            continue
        members = spread_members(address, study)
        if not members:
            yield make("address_no_spread", condition=condition.kind)
            return
        for name in condition.names:
            if name not in members:
                yield make(
                    "address_no_member", condition=condition.kind, name=name, hint=suggest(name, members)
                )


def spread_members(address: Address, study: Study) -> tuple[str, ...]:
    """The names of what a spread compares, in the study's order: rows, answers, groups, or a set's members.

    Empty if the address names one figure, or compares waves.
    """
    if address.is_set:
        return tuple(str(member) for member in _sets(study)[address.name])
    if address.row == ALL:
        return tuple(row.name for row in _rows(study, address.name))
    if ALL in address.answers:
        return tuple(option.name for option in measured(address, study)[0].options)
    for part in address.filters:
        if ALL in part.groups:
            return tuple(option.name for option in study.variables[part.name].options)
    return ()


def _rows(study: Study, name: str) -> tuple[Row, ...]:
    question = study.questionnaire.by_id.get(name)
    return question.rows if question and question.kind == "grid" else ()


def _groups(variable: Variable) -> tuple[str, ...]:
    return (*(option.name for option in variable.options), *(net.name for net in variable.nets))


def _sets(study: Study) -> Mapping[str, tuple[object, ...]]:
    analysis = study.settings.get("analysis")
    found = analysis.get("sets") if isinstance(analysis, Mapping) else None
    return {str(name): tuple(of) for name, of in found.items()} if isinstance(found, Mapping) else {}
