"""The fenced blocks of a report as HTML: charts, tables, bases, main points, the method box."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

from markdown_it.token import Token

from topline.base import half_up
from topline.charts import Bars, Likert, answers_chart, groups_chart
from topline.claims.blocks import Block
from topline.claims.document import claims_in
from topline.disclosure.released import ReleasedTable, Row, TableRequest
from topline.report.context import Context
from topline.report.figures import ChartView
from topline.report.html import element, top_line
from topline.report.method import covers, method
from topline.report.needs import base_addresses
from topline.report.tables import TableView, bases_table

Titles = Mapping[str, Token]


class Blocks:
    """Renders one block after another; `inline` gives the HTML of a title."""

    def __init__(self, context: Context, inline: Callable[[Token], str]) -> None:
        self.context, self.inline = context, inline

    def html(self, block: Block, titles: Titles, headed: bool) -> str:
        """The block as HTML. `headed`: a heading stands right above it."""
        if block.kind == "about":
            return self.about(headed)
        if block.kind == "main-points":
            return self.points(block, titles, headed)
        if block.kind == "bases":
            return "".join(self.bases(attribute) for attribute in block.by)
        table = self.context.table(TableRequest(block.subject, block.by))
        if table is None:
            name = " by ".join((block.subject, *block.by))
            return element("p", escape(self.context.say("report-not-requested", name=name)), class_="small")
        return self.chart(block, titles, table) if block.kind == "chart" else self.table(block, titles, table)

    def points(self, block: Block, titles: Titles, headed: bool) -> str:
        """Up to six main points: figure, top line, one sentence."""
        context = self.context
        items = []
        for title in block.titles:
            token = titles[title.key]
            share = next(
                (s for claim in claims_in(token.children) if (s := context.share(claim)) is not None), None
            )
            shown = f"{half_up(share, context.decimals)}%" if share is not None else ""
            figure = element("span", shown, class_="fig num", aria_hidden="true") if shown else ""
            items.append(element("li", figure + top_line(share) + element("p", self.inline(token))))
        heading = (
            "" if headed else element("h2", escape(context.say("report-points")), id="points", class_="new")
        )
        link = element("a", escape(context.say("report-underlined-tables")), href="#tables")
        small = element("p", f"{escape(context.say('report-underlined'))} {link}.", class_="small")
        return heading + element("ol", "".join(items), class_="points full") + small

    def about(self, headed: bool) -> str:
        """The method box."""
        context = self.context
        rows = method(context.study, context.released, context.weighted, context.language)
        inside = "".join(
            element("div", element("dt", escape(head)) + element("dd", escape(text))) for head, text in rows
        )
        label = context.say("report-about")
        heading = "" if headed else element("h2", escape(label))
        body = heading + element("dl", inside)
        return element("section", body, class_="card method", id="about", aria_label=label)

    def bases(self, attribute: str) -> str:
        """How many replied, by the groups of an attribute."""
        context = self.context
        figures = context.released.figures
        counts = [
            (label, figures[address])
            for label, address in base_addresses(context.study, attribute).items()
            if address in figures
        ]
        variable = context.study.variables.get(attribute)
        if variable is None or not counts:
            return ""
        return bases_table(variable.label, counts, context.released.responses, context.language)

    def table(self, block: Block, titles: Titles, table: ReleasedTable) -> str:
        """A table in the text."""
        context = self.context
        weighted = context.weighted_table(table.request)
        title = self.inline(titles["title"]) if "title" in titles else ""
        show = block.settings.get("show", ())
        n = context.next("block")
        region = context.say("report-region-text", n=n)
        view = TableView(table, "", 0, weighted, show, title, context.decimals, context.language, region)
        return element("div", view.html(), class_="full", id=f"b{n}")

    def chart(self, block: Block, titles: Titles, table: ReleasedTable) -> str:
        """A chart with its title, subtitle, footnote and table."""
        context = self.context
        chart, measured, notes = self.groups(block, table) if block.by else self.answers(table)
        if isinstance(chart, Bars) and any(bar.low is not None for bar in chart.bars):
            said = covers(context.study, context.released, context.language)
            notes.append(context.say("report-intervals", covers=said))
        title = self.inline(titles["title"]) if "title" in titles else escape(table.label)
        claims = list(claims_in(titles["title"].children)) if "title" in titles else []
        view = ChartView(
            chart,
            context.next("chart"),
            title,
            f"{measured} {table.base_sentence}.".replace("..", "."),
            tuple(note for note in notes if note),
            context.source,
            context.say("report-rehearsal-short") if context.released.made_up else "",
            next((s for claim in claims if (s := context.share(claim)) is not None), None),
            context.language,
        )
        return view.html()

    def groups(self, block: Block, table: ReleasedTable) -> tuple[Bars, str, list[str]]:
        """One answer or net by group, what it measures, and its notes."""
        context, row, sort = self.context, self.shown(block, table), bool(block.settings.get("sort"))
        chart = groups_chart(table, row, sort, context.made_up, context.decimals)
        notes = [context.say("report-dashed", label=chart.whole.label.lower())] if chart.whole else []
        notes += [context.say("report-sorted")] if sort else []
        marked = " ".join(bar.note for bar in chart.bars)
        notes += [f"{note}." for note in table.notes if note.partition(":")[0] in marked]
        return chart, context.say("report-net", question=table.label, label=row.label), notes

    def answers(self, table: ReleasedTable) -> tuple[Likert | Bars, str, list[str]]:
        """Every answer of a question, what it measures, and its notes."""
        context = self.context
        question = context.study.questionnaire.by_id[table.request.question.partition(".")[0]]
        chart = answers_chart(table, question, context.made_up, context.decimals)
        return chart, f"{table.measure}.", [context.say("report-rounding")]

    def shown(self, block: Block, table: ReleasedTable) -> Row:
        """The row that a chart by groups draws: named by `sort` or `show`, else the first net or answer."""
        wanted = (*block.settings.get("sort", ()), *block.settings.get("show", ()))
        named = [row for row in table.rows if row.name in wanted]
        nets = [row for row in table.rows if row.kind == "net"]
        return (named or nets or list(table.rows))[0]
