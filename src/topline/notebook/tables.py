"""Tables that print themselves: as text in a terminal, as HTML in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from topline.base import half_up
from topline.base.words import words
from topline.dataset import Dataset, excluded_sentence, made_up_sentence
from topline.designs import Design, design_of
from topline.tables import Book, Row, Table, banner_of, build_book, build_table
from topline.tables.marks import marks_used
from topline.tables.printed import own_mark, shown


@dataclass(frozen=True)
class TableView:
    """One table and how it is printed. The figures are in `table`: unrounded, with bases and intervals."""

    table: Table
    decimals: int = 0
    notice: str = ""

    def __repr__(self) -> str:
        """The table as text, columns lined up."""
        lines = self._lines()
        widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
        body = [
            "  ".join(
                text.ljust(width) if place == 0 else text.rjust(width)
                for place, (text, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        return "\n".join([self.table.label, *self._said(), "", *body])

    def _repr_html_(self) -> str:
        """The table for a notebook, which gives it its look: caption, heads with their scope."""
        head, *rows = self._lines()
        heads = "".join(f'<th scope="col">{escape(text)}</th>' for text in head)
        body = "".join(
            f'<tr><th scope="row">{escape(line[0])}</th>'
            + "".join(f"<td>{escape(text)}</td>" for text in line[1:])
            + "</tr>"
            for line in rows
        )
        said = "".join(f"<br><small>{escape(text)}</small>" for text in self._said())
        caption = f"<caption><strong>{escape(self.table.label)}</strong>{said}</caption>"
        return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"

    def _said(self) -> list[str]:
        table = self.table
        about = f"{table.measure}. {table.base_sentence}. {table.weighting}"
        marks = marks_used([table], decimals=self.decimals)
        return [text for text in (table.wording, about, table.comparison, *marks, self.notice) if text]

    def _lines(self) -> list[list[str]]:
        """Heads, then for each item of a grid its bases and rows."""
        heads = [f"{c.label} {c.flag}".rstrip() for c in self.table.columns]
        lines = [[words("answer"), *heads]]
        for _, rows in groupby(self.table.rows, key=lambda row: row.item):
            lines += self._item(list(rows))
        return lines

    def _item(self, rows: list[Row]) -> list[list[str]]:
        item = f"{rows[0].item_label}: " if rows[0].item else ""
        cells = rows[0].cells
        lines = [[item + words("base-unweighted"), *(f"{cell.base:,}" for cell in cells)]]
        if any(cell.weighted_base != cell.base for cell in cells):
            lines.append([item + words("base-effective"), *(f"{half_up(c.effective):,}" for c in cells)])
        return lines + [
            [item + row.spec.label, *(self._figure(row, place) for place in range(len(row.cells)))]
            for row in rows
        ]

    def _figure(self, row: Row, place: int) -> str:
        cell, column = row.cells[place], self.table.columns[place]
        return f"{shown(cell, row.spec, self.decimals)} {own_mark(cell, column)}".rstrip()


def table(
    data: Dataset,
    question: str,
    by: str | Sequence[str] = (),
    design: Design | None = None,
    decimals: int = 0,
) -> TableView:
    """The table of a question of `data` by banner variables.

    `question` is the name of a question, `grid.row`, attribute or derived variable; `by` names variables
    with answers. Without `design` it is the study's own (`topline.designs.design_of`): of data without a
    study, no errors are stated. `decimals` are places after the point where it is printed; `.table` holds
    everything unrounded. Shares are in per cent of the base, with logit intervals; bases are people,
    weights and Kish's effective n (docs/explanation/figures.md). For analysis: not checked for disclosure.

    Raises ToplineError for a name that the data do not have, and for what has no table: open texts, dates
    and rankings.
    """
    banner = (by,) if isinstance(by, str) else tuple(by)
    built = build_table(question, banner, data, design or design_of(data.study, data))
    said = (made_up_sentence(data), excluded_sentence(data))
    return TableView(built, decimals, " ".join(sentence for sentence in said if sentence))


def book(data: Dataset, by: str | Sequence[str] | None = None, design: Design | None = None) -> Book:
    """Every table of `data` by one banner: that of the study's plan, unless `by` names another.

    Without `design` it is the study's own. `topline.tables.as_xlsx(book)` and its siblings write it.
    Raises ToplineError for a name in `by` that the data do not have.
    """
    banner = banner_of(data.study) if by is None else (by,) if isinstance(by, str) else tuple(by)
    notices = [words("not-checked", data.study.languages[0]), made_up_sentence(data), excluded_sentence(data)]
    return build_book(data, (design or design_of(data.study, data),), [n for n in notices if n], banner)
