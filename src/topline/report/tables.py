"""Released tables as HTML: question wording, what the figures are of, bases; weighted figures beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from itertools import groupby

from topline.base import half_up
from topline.base.words import words
from topline.disclosure.released import Column, Figure, ReleasedTable, Row
from topline.report.html import element, number, scroll, slug
from topline.study.pipes import pipes_of

_BOTH_UP_TO = 4  # columns: beyond that, weighted figures stand beside the total alone

_MANY = 9  # columns: beyond that they are set closer


@dataclass(frozen=True, slots=True)
class TableView:
    """A table to be printed: `name` is the id that claims lead to (empty: no ids), `n` its number."""

    table: ReleasedTable
    name: str = ""
    n: int = 0
    weighted: ReleasedTable | None = None
    show: tuple[str, ...] = ()
    title: str = ""  # HTML; else the table's label
    decimals: int = 0
    language: str = "en"
    region: str = ""  # how the scrolling region is called; else by the caption

    def html(self) -> str:
        """The table in its scrolling region."""
        caption_id = f"{self.name or slug(self.table.label)}-{'t' if self.name else 'b'}{self.n}"
        head = element("thead", self._headings())
        body = "".join(self._item(list(rows)) for _, rows in groupby(self._rows(), key=lambda r: r.item))
        inside = element("caption", self._caption(), id=caption_id) + head + body
        kind = "tbl marks many" if len(self._pairs()) > _MANY else "tbl marks"
        whole = element("table", inside, class_=kind, id=self.name or None)
        return scroll(whole, self.region or words("report-region", self.language, label=self._label()))

    def _label(self) -> str:
        if not self.n:
            return self.table.label
        return words("report-table", self.language, n=self.n, label=self.table.label)

    def _rows(self) -> tuple[Row, ...]:
        return tuple(row for row in self.table.rows if not self.show or row.name in self.show)

    def _caption(self) -> str:
        label = self.title or escape(self._label())
        asked = _readable(self.table.wording)
        wording = words("report-asked", self.language, wording=asked) if asked else ""
        said = [_sentence(part) for part in (wording, self.table.measure, self.table.base_sentence) if part]
        return label + element("span", escape(" ".join(said)))

    def _pairs(self) -> list[tuple[int, Column, bool]]:
        """The columns as printed: place in the table, column, and whether it is the weighted one."""
        few = len(self.table.columns) <= _BOTH_UP_TO
        found: list[tuple[int, Column, bool]] = []
        for place, column in enumerate(self.table.columns):
            found.append((place, column, False))
            if self.weighted and (few or not column.variable):
                found.append((place, column, True))
        return found

    def _headings(self) -> str:
        pairs = self._pairs()
        top = ""
        if any(column.heading for _, column, _ in pairs):
            spans = [
                (heading, len(list(same))) for heading, same in groupby(pairs, key=lambda p: p[1].heading)
            ]
            cells = "".join(
                element("th", escape(heading), scope="colgroup", colspan=str(n)) if heading
                else "".join(["<td></td>"] * n)
                for heading, n in spans
            )  # fmt: skip
            top = element("tr", "<td></td>" + cells)
        first = element("th", escape(words("report-answer", self.language)), scope="col")
        return top + element("tr", first + "".join(self._heading(c, w) for _, c, w in pairs))

    def _heading(self, column: Column, weighted: bool) -> str:
        more = (
            element("span", escape(words("report-weighted", self.language)), class_="ltr") if weighted else ""
        )
        return element("th", escape(column.label) + more, scope="col")

    def _item(self, rows: Sequence[Row]) -> str:
        lines = []
        if rows[0].item:
            columns = str(len(self._pairs()) + 1)
            label = element("th", escape(rows[0].item_label), scope="rowgroup", colspan=columns)
            lines.append(element("tr", label, class_="item"))
        lines += [self._line(row) for row in rows]
        lines.append(self._bases(rows[0]))
        return element("tbody", "".join(lines))

    def _line(self, row: Row) -> str:
        head = element("th", escape(row.label), scope="row")
        id = anchor(self.name, row.item, row.name) if self.name else None
        cells = "".join(element("td", number(figure, self.decimals)) for figure in self._cells(row))
        return element("tr", head + cells, id=id, class_="net" if row.kind == "net" else None)

    def _bases(self, first: Row) -> str:
        def line(label: str, values: Sequence[float | None]) -> str:
            shown = [
                f"{half_up(v):,}" if v is not None else '<span class="mk only">[c]</span>' for v in values
            ]
            head = element("th", escape(words(label, self.language)), scope="row")
            return element("tr", head + "".join(element("td", each) for each in shown), class_="base")

        cells = self._cells(first)
        found = line("report-base", [figure.base for figure in cells])
        if self.weighted:
            found += line("report-effective", [figure.effective for figure in cells])
        return found

    def _cells(self, row: Row) -> list[Figure]:
        other = self.weighted.rows[self.table.rows.index(row)] if self.weighted else row
        return [(other if weighted else row).cells[place] for place, _, weighted in self._pairs()]


def anchor(table: str, item: str, name: str) -> str:
    """The id of a row, to which the claims of its figures lead."""
    return slug("-".join(part for part in (table, item, name) if part))


def bases_table(
    label: str, counts: Sequence[tuple[str, Figure]], responses: int, language: str = "en"
) -> str:
    """How many replied, by the groups of one attribute, with their shares of all responses."""
    caption_id = f"bases-{slug(label)}"
    said = escape(words("report-bases", language, attribute=label.lower()))
    what = element("span", escape(words("report-bases-what", language)))
    head = "".join(
        element("th", escape(words(text, language)), scope="col")
        for text in ("report-group", "report-replies-head", "report-replies-share")
    )
    rows = "".join(
        element(
            "tr",
            element("th", escape(group), scope="row")
            + element("td", number(figure))
            + element("td", _share(figure, responses)),
        )
        for group, figure in counts
    )
    inside = element("caption", said + what, id=caption_id)
    inside += element("thead", element("tr", head)) + element("tbody", rows)
    table = element("table", inside, class_="tbl marks counts")
    return scroll(table, words("report-region", language, label=f"{said}"))


def _share(figure: Figure, responses: int) -> str:
    """The share of all responses that a count is, rounded; its mark where it is hidden."""
    if figure.value is None:
        return escape(figure.hidden or "")
    return f"{half_up(Fraction(round(figure.value) * 100, responses))}%"


def _readable(wording: str) -> str:
    """A question's wording with its pipes as everybody could read them: by their fallbacks."""
    for pipe in reversed(list(pipes_of(wording))):
        wording = wording[: pipe.start] + (pipe.fallback or "…") + wording[pipe.end :]
    return wording


def _sentence(text: str) -> str:
    return text if text[-1:] in ".?!”" else f"{text}."
