"""What every part of the page reads while the report is built."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from topline.base.words import words
from topline.claims import Checked, Claim, ClaimReport
from topline.disclosure.released import Released, ReleasedTable, TableRequest
from topline.report.html import slug
from topline.report.method import fieldwork
from topline.report.needs import Needs
from topline.report.tables import anchor
from topline.study.address import Address
from topline.study.model import Study
from topline.study.resolve import measured, resolve


@dataclass(frozen=True)
class Context:
    """Study, figures and checked claims of one report; `weighted` stands beside `released` in tables."""

    study: Study
    released: Released
    claims: ClaimReport
    needs: Needs
    weighted: Released | None = None
    language: str = "en"
    counter: dict[str, int] = field(default_factory=dict)

    def say(self, id: str, **values: object) -> str:
        """Words of the report in its language."""
        return words(id, self.language, **values)

    def next(self, what: str) -> int:
        """Number the charts of the page as they come."""
        self.counter[what] = self.counter.get(what, 0) + 1
        return self.counter[what]

    @property
    def made_up(self) -> str:
        """The words across every drawing of made-up answers; empty for real ones."""
        return self.say("report-rehearsal-mark") if self.released.made_up else ""

    @cached_property
    def decimals(self) -> int:
        """With how many decimals the study prints shares."""
        settings = self.study.settings.get("report")
        found = settings.get("decimals") if isinstance(settings, dict) else None
        return int(str(found)) if found is not None else 0

    @cached_property
    def source(self) -> str:
        """The source line of charts."""
        when = fieldwork(self.study)
        if not when:
            return self.say("report-source-undated", title=self.study.title)
        return self.say("report-source", title=self.study.title, when=when)

    @cached_property
    def _checked(self) -> dict[Claim, Checked]:
        return {checked.claim: checked for checked in self.claims.checked}

    def checked(self, claim: Claim) -> Checked | None:
        """What became of a claim."""
        return self._checked.get(claim)

    def share(self, claim: Claim) -> float | None:
        """The percentage that a claim is bound to, if it is one."""
        checked = self.checked(claim)
        figure = checked.figure if checked else None
        return figure.value if figure and figure.unit == "percent" else None

    def table(self, request: TableRequest) -> ReleasedTable | None:
        """A released table, if it was asked for."""
        return self.released.tables.get(request)

    def weighted_table(self, request: TableRequest) -> ReleasedTable | None:
        """The same table weighted, if there is one."""
        return self.weighted.tables.get(request) if self.weighted else None

    @cached_property
    def _anchors(self) -> dict[str, ReleasedTable]:
        found = {request.question: self.table(request) for request in self.needs.annex}
        return {name: table for name, table in found.items() if table}

    def target(self, address: Address | None) -> str:
        """Where a claim's link leads: the figure's row in the tables, its table, or the method box."""
        if address is None or address.stat == "cite" or resolve(address, self.study):
            return "#checks"
        variables = measured(address, self.study)
        if not variables:
            return "#tables" if address.is_set else "#about"
        variable = variables[0]
        name = variable.question.id if variable.question else variable.name
        if (table := self._anchors.get(name)) is None:
            return "#tables"
        item = variable.row.name if variable.row and address.row != "*" else ""
        answers = {a for a in address.answers if a != "*"}
        rows = [row for row in table.rows if row.item == item and row.name in answers]
        return f"#{anchor(f't-{name}', item, rows[0].name)}" if rows else f"#t-{slug(name)}"
