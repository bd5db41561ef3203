"""A table as it may be published: groups below the minimum hidden, and what would give them away."""

from __future__ import annotations

from dataclasses import replace

from topline.base.words import words
from topline.disclosure import released as out
from topline.disclosure.rules import crosses, hidden_groups
from topline.disclosure.single import Desk, filled
from topline.study import Study
from topline.study.address import Address, Filter
from topline.tables import Column, Table, block_of, build_table, low_base_of


def released_table(request: out.TableRequest, desk: Desk) -> out.ReleasedTable:
    """Build the table of a request and hide what must not be seen.

    The rules apply to each block of columns on the bases of every item: a group that one item hides is hidden
    in the whole table.
    """
    table = _table_of(request, desk)
    hidden = _hidden_columns(table, desk)
    columns = tuple(_column(c, place in hidden) for place, c in enumerate(table.columns))
    rows = tuple(
        out.Row(
            row.item,
            row.item_label,
            row.spec.name,
            row.spec.label,
            row.spec.kind,
            tuple(_figures(table, row_number, hidden, desk)),
        )
        for row_number, row in enumerate(table.rows)
    )
    return out.ReleasedTable(
        request,
        table.label,
        table.wording,
        table.base_sentence,
        table.measure,
        columns,
        rows,
        tuple(_notes(rows, columns, desk.data.study)),
    )


def _table_of(request: out.TableRequest, desk: Desk) -> Table:
    """The table, without columns that share people: the rules that hide groups take them as apart."""
    for variable in request.by:
        block_of(variable, desk.data)
    return build_table(request.question, request.by, desk.data, desk.design)


def _column(c: Column, hidden: bool) -> out.Column:
    """The head of a column; of a hidden one no base is told."""
    head = (c.variable, c.group, c.heading, c.label)
    if hidden:
        return out.Column(*head, None, None, None, out.CONFIDENTIAL)
    return out.Column(*head, c.base, c.weighted_base, c.effective, flags=(c.flag,) if c.flag else ())


def _hidden_columns(table: Table, desk: Desk) -> set[int]:
    """The places of the columns to hide."""
    minimum, study = desk.rules.minimum, desk.data.study
    hidden: set[int] = set()
    if crosses(desk.rules, [table.question], study):
        return set(range(len(table.columns)))
    for variable in table.by:
        places = [i for i, column in enumerate(table.columns) if column.variable == variable]
        if crosses(desk.rules, [table.question, variable], study):
            hidden.update(places)
            continue
        if any(
            desk.counts_a_hidden_group(_cell_of(table, n, i)) for n in range(len(table.rows)) for i in places
        ):
            # group sizes in two directions: a hole or two could be worked out from the margins
            hidden.update(places)
            continue
        for row in table.rows:
            sizes = {str(i): row.cells[i].base for i in places}
            rest = row.cells[0].base - sum(sizes.values())
            hidden.update(int(name) for name in hidden_groups(sizes, rest, minimum))
    if any(row.cells[0].base < minimum for row in table.rows):
        hidden.update(range(len(table.columns)))
    return hidden


def _figures(table: Table, number: int, hidden: set[int], desk: Desk) -> list[out.Figure]:
    row = table.rows[number]
    found = []
    for place, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
        address = _cell_of(table, number, place)
        figure = out.Figure(
            address,
            "mean" if row.spec.kind == "mean" else "percent",
            None,
            question_label=f"{table.label}: {row.item_label}" if row.item else table.label,
            answer_label=row.spec.label,
            group_label=column.label if column.variable else "",
            base_sentence=table.base_sentence,
        )
        secret = place in hidden or desk.counts_a_hidden_group(address)
        found.append(replace(figure, hidden=out.CONFIDENTIAL) if secret else filled(figure, cell))
    return found


def _cell_of(table: Table, number: int, place: int) -> Address:
    """The address of a cell, by the numbers of its row and column."""
    row, variable, group = table.rows[number], table.columns[place].variable, table.columns[place].group
    question, _, item = table.question.partition(".")
    filters = (Filter(variable, "=", (group,)),) if variable else ()
    part = row.item or item or None
    if row.spec.kind == "mean":
        return Address(question, part, stat="mean", filters=filters)
    return Address(question, part, "=", (row.spec.name,), filters=filters)


def _notes(rows: tuple[out.Row, ...], columns: tuple[out.Column, ...], study: Study) -> list[str]:
    language = study.languages[0]
    marks: set[str | None] = {figure.hidden for row in rows for figure in row.cells}
    marks |= {flag for column in columns for flag in column.flags}
    marks |= {flag for row in rows for figure in row.cells for flag in figure.flags}
    said = {out.CONFIDENTIAL: words("mark-c", language)} | dict(low_base_of(study).notes(language))
    return [note for mark, note in said.items() if mark in marks]
