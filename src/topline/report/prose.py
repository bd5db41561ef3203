"""The report's Markdown as HTML: claims lead to their rows, blocks become charts, notes stand beside."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from topline.claims import Claim
from topline.claims.document import claims_in
from topline.report.blocks import Blocks
from topline.report.context import Context
from topline.report.html import attributes, element, slug, top_line

Environment = MutableMapping[str, Any]


class Prose(RendererHTML):
    """Renders tokens of a `Document` as a whole; markdown-it calls the methods named after token types."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.blocks = Blocks(context, self.inline)
        self.options: OptionsDict = MarkdownIt("commonmark").options

    def page(self, tokens: Sequence[Token]) -> str:
        """The body of the report: each block with the notes of its claims beside it."""
        return "".join(self._with_notes(block) for block in _top_blocks(tokens))

    def inline(self, token: Token) -> str:
        """One inline text as HTML."""
        return self.renderInline(token.children or [], self.options, {})

    def notes(self, tokens: Sequence[Token]) -> str:
        """The notes of the claims in these tokens that don't hold; empty if all do."""
        return "".join(self._note(claim) for claim in _claims(tokens))

    def _with_notes(self, tokens: Sequence[Token]) -> str:
        html = self.render(tokens, self.options, {})
        notes = self.notes(tokens)
        if not notes:
            return html
        return element(
            "div", element("div", html) + element("div", notes, class_="beside"), class_="para full"
        )

    def _note(self, claim: Claim) -> str:
        checked = self.context.checked(claim)
        if checked is None or checked.status == "holds":
            return ""
        bad = checked.status == "fails"
        tag = self.context.say("report-failing" if bad else "report-weak")
        said = [f for f in checked.findings if f.severity != "note"]
        lines = element("p", element("strong", escape(tag), class_="tag " + ("bad" if bad else "weak")))
        lines += element("p", element("code", escape(str(claim.mark))))
        lines += "".join(element("p", escape(finding.text)) for finding in said)
        label = f"{tag}: {claim.words}"
        return element("aside", lines, class_="note " + ("bad" if bad else "weak"), aria_label=label)

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        """A claim is a link to its figure's row; a waived one is plain text; other links stay."""
        claim = tokens[idx].meta.get("claim")
        if not isinstance(claim, Claim):
            return self.renderToken(tokens, idx, options, env)
        if claim.kind != "figure":
            return "<span>"
        checked = self.context.checked(claim)
        state = {"fails": " fails", "weak": " weak"}.get(checked.status if checked else "", "")
        state = " unchecked" if checked is None else state
        return f'<a class="claim{state}" href="{escape(self.context.target(claim.address))}">'

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        """Close what `link_open` opened."""
        depth = 0
        for token in reversed(tokens[: idx + 1]):
            depth += {"link_close": 1, "link_open": -1}.get(token.type, 0)
            if depth == 0 and token.type == "link_open":
                claim = token.meta.get("claim")
                return "</span>" if isinstance(claim, Claim) and claim.kind != "figure" else "</a>"
        return "</a>"

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        """Headings have ids; a chapter begins a printed page, a heading over a generated block does not."""
        tag = tokens[idx].tag if tokens[idx].tag != "h1" else "h2"
        generated = idx + 3 < len(tokens) and "block" in tokens[idx + 3].meta
        kind = "new" if tag == "h2" and not generated else None
        return f"<{tag}{attributes(id=slug(tokens[idx + 1].content), class_=kind)}>"

    def heading_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        """A second title of the first level becomes one of the second: a page has one `h1`."""
        return f"</{tokens[idx].tag if tokens[idx].tag != 'h1' else 'h2'}>\n"

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        """Tables wear the look and can be scrolled."""
        label = self.context.say("report-region-text", n=self.context.next("block"))
        region = f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(label)}">'
        return f'{region}<table class="tbl typed">'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        """Close the table and its region."""
        return "</table></div>"

    def blockquote_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment
    ) -> str:
        """A quotation stands under a short empty line."""
        return f'<blockquote class="pull">{top_line(None)}'

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        """Topline's own blocks are generated; other fences stay code."""
        block = tokens[idx].meta.get("block")
        if block is None:
            return element("pre", element("code", escape(tokens[idx].content)), tabindex="0")
        headed = idx > 0 and tokens[idx - 1].type == "heading_close"
        return self.blocks.html(block, tokens[idx].meta["titles"], headed)


def _top_blocks(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Tokens cut where a block of the top level ends; a heading stays with a generated block after it."""
    block: list[Token] = []
    for place, token in enumerate(tokens):
        block.append(token)
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        headed = token.type == "heading_close" and following is not None and "block" in following.meta
        if token.level == 0 and token.nesting <= 0 and not headed:
            yield block
            block = []


def _claims(tokens: Sequence[Token]) -> Iterator[Claim]:
    for token in tokens:
        yield from claims_in(token.children)
        for inline in token.meta.get("titles", {}).values():
            yield from claims_in(inline.children)
