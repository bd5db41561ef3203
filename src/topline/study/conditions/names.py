"""The names in a condition against those of the study, and whether each comparison fits what it compares."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from topline.base import Finding, Mark
from topline.base.hints import did_you_mean, listed, suggest
from topline.base.words import words
from topline.study.expand import Names
from topline.study.model import CHOSEN_MISSING, MISSING_KINDS, Option, Variable
from topline.study.parse import write_condition
from topline.study.tree import And, Compare, Condition, Count, Has, In, InGroup, Is, Node, Not, Or, Ref

_STATES = ("missing", "answered", *MISSING_KINDS)


def name_findings(node: Node | Condition, names: Names) -> Iterator[Finding]:
    """Names that the study lacks and comparisons that do not fit, each at its place. Looks into no group."""
    match node:
        case Condition():
            yield from name_findings(node.node, names)
        case Not(part):
            yield from name_findings(part, names)
        case And(parts) | Or(parts):
            for part in parts:
                yield from name_findings(part, names)
        case InGroup(name, mark):
            yield from _group(name, mark, names)
        case Compare(ref) | In(ref) | Has(ref) | Count(ref) | Is(ref):
            variable = names.variables.get(str(ref))
            if variable is None:
                yield _unknown(ref, names)
            else:
                yield from _test(node, variable)


def _test(node: Compare | In | Has | Count | Is, variable: Variable) -> Iterator[Finding]:
    if isinstance(node, Is):
        yield from _is(node, variable)
    elif (wrong := _unfit(node, variable)) is not None:
        yield wrong
    elif isinstance(node, Compare) and variable.kind != "codes":
        yield from _outside(node, variable)
    elif not isinstance(node, Count):
        yield from _answers(node, variable)


# --- the name of the variable or group


def _group(name: str, mark: Mark | None, names: Names) -> Iterator[Finding]:
    if name in names.groups:
        return
    if variable := names.variables.get(name):
        yield Finding("expression-not-a-group", {"name": name, "example": _example(variable)}, mark)
    elif row := _first_row(name, names):
        yield Finding("expression-not-a-group", {"name": name, "example": _example(row)}, mark)
    elif "." in name:
        question, _, part = name.partition(".")
        yield _unknown(Ref(question, part, mark), names, alone=True)
    else:
        hint = did_you_mean(name, [*names.groups, *names.variables])
        yield Finding("expression-unknown-group", {"name": name, "hint": hint}, mark)


def _unknown(ref: Ref, names: Names, *, alone: bool = False) -> Finding:
    """Say why `ref` is no variable; `alone`: it stands without a comparison."""
    first = _first_row(ref.name, names)
    if ref.row and first and first.question:
        rows = [row.name for row in first.question.rows]
        values = {"grid": ref.name, "row": ref.row, "hint": suggest(ref.row, rows)}
        return Finding("expression-unknown-row", values, ref.mark)
    if ref.row and (variable := names.variables.get(ref.name)):
        values = {"name": ref.name, "row": ref.row, "example": _instead_of_row(variable, ref.row, alone)}
        return Finding("expression-not-a-grid", values, ref.mark)
    if first and first.question:
        rows = [row.name for row in first.question.rows]
        values = {"name": ref.name, "example": first.name, "rows": listed(rows)}
        return Finding("expression-needs-row", values, ref.mark)
    if ref.name in names.groups:
        return Finding("expression-group-compared", {"name": ref.name}, ref.mark)
    own = dict.fromkeys(name.partition(".")[0] for name in names.variables)
    values = {"name": ref.name, "hint": did_you_mean(ref.name, [*own, *names.groups])}
    return Finding("expression-unknown-name", values, ref.mark)


def _first_row(name: str, names: Names) -> Variable | None:
    """The first row of the grid of that name."""
    return next((v for v in names.variables.values() if v.row and v.name.startswith(f"{name}.")), None)


def _example(variable: Variable) -> str:
    if variable.kind == "codes" and variable.options:
        return f"{variable.name} = {variable.options[0].name}"
    return f"{variable.name} is answered"


def _instead_of_row(variable: Variable, row: str, alone: bool) -> str:
    """What was meant by a row of what has none: one of its answers, or the thing itself."""
    if not variable.option(row):
        return _example(variable) if alone else variable.name
    return f"{variable.name} {'has' if variable.kind == 'set' else '='} {row}"


# --- the comparison and the kind of variable


def _unfit(node: Compare | In | Has | Count, variable: Variable) -> Finding | None:
    """Say what is wrong if this kind of variable cannot be looked at in this way."""
    values = {"ref": node.ref, "sign": _sign(node)}
    if variable.kind == "text":
        return Finding("expression-text", values, node.ref.mark)
    if variable.kind in ("number", "date"):
        wanted = Decimal if variable.kind == "number" else date
        if isinstance(node, Compare) and isinstance(node.value, wanted):
            return None
        return Finding(f"expression-{variable.kind}", values, node.ref.mark)
    if variable.kind == "codes":
        if isinstance(node, Has | Count):
            return Finding("expression-one-answer", values | {"write": _for_one(node)}, node.ref.mark)
        if isinstance(node, Compare) and (node.op not in ("=", "!=") or isinstance(node.value, date)):
            example = listed([option.name for option in variable.options[:2]])
            return Finding("expression-order", values | {"example": example}, node.ref.mark)
        return None
    if isinstance(node, Compare | In):
        return Finding("expression-several", values | {"write": _for_several(node)}, node.ref.mark)
    return None


def _sign(node: Compare | In | Has | Count) -> str:
    match node:
        case Compare(_, op):
            return op
        case In(negated=negated):
            return "not in" if negated else "in"
        case Has():
            return "has"
        case Count():
            return "count()"


def _for_one(node: Has | Count) -> str:
    if isinstance(node, Has) and len(node.values) == 1:
        return write_condition(Compare(node.ref, "=", node.values[0]))
    return write_condition(In(node.ref, node.values) if isinstance(node, Has) else Is(node.ref, "answered"))


def _for_several(node: Compare | In) -> str:
    values = node.values if isinstance(node, In) else (str(node.value),)
    negated = node.negated if isinstance(node, In) else node.op == "!="
    has = Has(node.ref, values)
    return write_condition(Not(has) if negated else has)


# --- the answers


def _answers(node: Compare | In | Has, variable: Variable) -> Iterator[Finding]:
    if isinstance(node, Compare):
        value = format(node.value, "f") if isinstance(node.value, Decimal) else str(node.value)
        yield from _answer(node, value, node.mark, variable)
        return
    marks = node.marks or (None,) * len(node.values)
    for value, mark in zip(node.values, marks, strict=True):
        yield from _answer(node, value, mark, variable)


def _answer(node: Compare | In | Has, value: str, mark: Mark | None, variable: Variable) -> Iterator[Finding]:
    """Say what is wrong with one name of an answer."""
    if variable.answers(value) is not None:
        return
    allowed = [*(option.name for option in variable.options), *(net.name for net in variable.nets)]
    if value.lstrip("-").isdigit():
        option = _of_code(int(value), variable)
        values = {"ref": node.ref, "code": value}
        if option:
            yield Finding("expression-code", values | {"answer": option.name}, mark)
        else:
            yield Finding("expression-no-code", values | {"answers": listed(allowed)}, mark)
    elif value in _STATES:
        yield from _missing_compared(node, value, mark, variable)
    else:
        values = {"ref": node.ref, "answer": value, "hint": suggest(value, allowed)}
        yield Finding("expression-unknown-answer", values, mark)


def _of_code(code: int, variable: Variable) -> Option | None:
    return next((option for option in variable.options if option.code == code), None)


def _missing_compared(
    node: Compare | In | Has, kind: str, mark: Mark | None, variable: Variable
) -> Iterator[Finding]:
    if (not_offered := _not_offered(node.ref, kind, mark, variable)) is not None:
        yield not_offered
        return
    negated = node.negated if isinstance(node, In) else isinstance(node, Compare) and node.op == "!="
    write = write_condition(Is(node.ref, kind, negated))
    yield Finding("expression-missing-compared", {"kind": kind, "write": write}, mark)


def _is(node: Is, variable: Variable) -> Iterator[Finding]:
    if node.state not in _STATES:
        if variable.answers(node.state) is not None:
            several = variable.kind in ("set", "rank")
            fits = Has(node.ref, (node.state,)) if several else Compare(node.ref, "=", node.state)
            write = write_condition(Not(fits) if node.negated else fits)
            values = {"answer": node.state, "ref": node.ref, "write": write}
            yield Finding("expression-answer-as-kind", values, node.mark)
        else:
            offered = [missing.name for missing in variable.missing]
            known = ["missing", "answered", "not_asked", *offered]
            values = {"state": node.state, "hint": suggest(node.state, known)}
            yield Finding("expression-unknown-kind", values, node.mark)
    elif (not_offered := _not_offered(node.ref, node.state, node.mark, variable)) is not None:
        yield not_offered


def _not_offered(ref: Ref, kind: str, mark: Mark | None, variable: Variable) -> Finding | None:
    """Say so if a question does not offer this missing kind; what a file of attributes holds is not known."""
    offered = [missing.name for missing in variable.missing]
    if kind not in CHOSEN_MISSING or kind in offered or variable.question is None:
        return None
    values = {"ref": ref, "kind": kind}
    if offered:
        return Finding("expression-kind-not-offered", values | {"kinds": listed(offered)}, mark)
    return Finding("expression-no-kinds", values, mark)


# --- numbers that cannot be


def _outside(node: Compare, variable: Variable) -> Iterator[Finding]:
    """Say so if no value within the range, or every one, satisfies the comparison."""
    source = variable.question or variable.attribute
    if source is None:
        return
    low, high = source.minimum, source.maximum
    below, above = _less(node.value, low), _less(high, node.value)
    if not (below or above):
        return
    always = node.op == "!=" or (node.op in (">", ">=") and below) or (node.op in ("<", "<=") and above)
    id = "expression-outside-always" if always else "expression-outside"
    values = {"ref": node.ref, "test": write_condition(node), "range": _range(low, high)}
    yield Finding(id, values, node.mark)


def _less(a: object, b: object) -> bool:
    """Whether a is less than b, both numbers or both days."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return a < b
    return isinstance(a, date) and isinstance(b, date) and a < b


def _range(low: object, high: object) -> str:
    """`0 to 20`, `at least 0`, `at most 20`."""
    if low is None or high is None:
        return words("range-low", low=low) if high is None else words("range-high", high=high)
    return words("range", low=low, high=high)
