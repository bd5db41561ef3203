"""The whole page: title block, prose with its checked claims, tables, checks; one value, then one text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it.token import Token
from markupsafe import Markup

from topline.base.words import words
from topline.claims import check_report
from topline.disclosure.released import Released, ReleasedTable
from topline.report.checks import checks
from topline.report.context import Context
from topline.report.html import element, slug, top_line
from topline.report.method import meta
from topline.report.needs import needs
from topline.report.prose import Prose
from topline.report.tables import TableView
from topline.study.model import Study


def build(
    study: Study,
    released: Released,
    text: str,
    file: str = "report.md",
    weighted: Released | None = None,
    language: str = "en",
) -> tuple[Context, str]:
    """Check the report's text and give its context and its page of HTML.

    `released` must answer the requests of `topline.report.needs`; `weighted` holds the same figures weighted,
    which stand beside them in the tables.
    """
    claims = check_report(study, released, text, file)
    context = Context(study, released, claims, needs(study, text, file), weighted, language)
    return context, _page(context)


def _page(context: Context) -> str:
    title, subtitle, body = _title(context.claims.document.tokens)
    prose = Prose(context)
    above = [token for token in (title, subtitle) if token]
    failing = sum(checked.status == "fails" for checked in context.claims.checked)
    inside = prose.page(body)
    tables = _tables(context)
    values: dict[str, object] = {
        "language": context.language,
        "name": _plain(title) or context.study.title,
        "title": Markup(prose.inline(title)) if title else context.study.title,
        "subtitle": Markup(prose.inline(subtitle)) if subtitle else "",
        "notes": Markup(prose.notes(above)),
        "publisher": str(context.study.settings.get("organisation") or ""),
        "made_up": context.released.made_up,
        "made_up_sentence": context.released.made_up_sentence,
        "failing": failing,
        "line": Markup(top_line(_headline(context))),
        "meta": list(meta(context.study, context.released, bool(failing), context.language)),
        "nav": _navigation(context, inside, body),
        "body": Markup(inside),
        "tables": Markup(tables),
        "checks": Markup(checks(context)),
        "licence": _licence(context.study),
        "say": lambda id, **places: words(id, context.language, **places),
    }
    return _templates().get_template("page.html").render(values)


def _title(tokens: Sequence[Token]) -> tuple[Token | None, Token | None, Sequence[Token]]:
    """The report's own title and the paragraph right under it, and the tokens that are left."""
    if len(tokens) < 3 or tokens[0].tag != "h1":
        return None, None, tokens
    title, rest = tokens[1], tokens[3:]
    if len(rest) > 2 and rest[0].type == "paragraph_open":
        return title, rest[1], rest[3:]
    return title, None, rest


def _plain(inline: Token | None) -> str:
    """An inline text without its marks."""
    return "".join(child.content for child in (inline.children if inline else None) or [])


def _headline(context: Context) -> float | None:
    """The share of the first main point; without main points the line stays empty."""
    lines = [b.mark.line for b in context.claims.document.blocks if b.kind == "main-points"]
    if not lines:
        return None
    first = [checked for checked in context.claims.checked if checked.claim.mark.line > lines[0]]
    return context.share(first[0].claim) if first else None


def _navigation(context: Context, inside: str, tokens: Sequence[Token]) -> list[tuple[str, str]]:
    found = [(f"#{id}", context.say(f"report-{id}")) for id in ("points", "about") if f'id="{id}"' in inside]
    chapters = [
        tokens[place + 1].content
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and "block" not in tokens[min(place + 3, len(tokens) - 1)].meta
    ]
    found += [(f"#{slug(chapters[0])}", context.say("report-findings"))] if chapters else []
    return [*found, ("#tables", context.say("report-tables")), ("#checks", context.say("report-checks"))]


def _tables(context: Context) -> str:
    """Every question that the report speaks of, in the order in which it does."""
    requested = [(request, context.table(request)) for request in context.needs.annex]
    parts, shown = [], list[ReleasedTable]()
    for request, table in requested:
        if table is None:
            continue
        shown.append(table)
        weighted = context.weighted_table(request)
        name = f"t-{slug(request.question)}"
        view = TableView(
            table, name, len(shown), weighted, decimals=context.decimals, language=context.language
        )
        parts.append(element("div", view.html(), class_="full"))
    return "".join(parts) + _marks(context, shown)


def _marks(context: Context, tables: list[ReleasedTable]) -> str:
    """What the marks mean that stand in these tables: each note is a mark, a colon and its meaning."""
    cells = [cell for table in tables for row in table.rows for cell in row.cells]
    notes = list(dict.fromkeys(note for table in tables for note in table.notes))
    if any(cell.unit == "percent" and cell.value is not None and 0 < cell.value < 0.5 for cell in cells):
        notes.append(context.say("report-mark-low"))
    if not notes:
        return ""
    explained = ""
    for note in notes:
        mark, _, text = note.partition(": ")
        explained += element("dt", escape(mark)) + element("dd", escape(text))
    heading = element("h3", escape(context.say("report-marks")))
    return heading + element("dl", explained, class_="notes")


def _licence(study: Study) -> str:
    found = study.settings.get("licence")
    if not isinstance(found, dict):
        return str(found or "")
    return ". ".join(str(found[key]) for key in ("name", "credit") if key in found)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("topline.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
