"""What a report needs of the released figures: the addresses of its claims, and tables to lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from topline.claims import Claim, Document, not_shown, read_document, requests
from topline.disclosure.released import TableRequest
from topline.study.address import Address, parse_address
from topline.study.model import Study
from topline.study.resolve import measured, resolve


@dataclass(frozen=True, slots=True)
class Needs:
    """Requests for `disclosure.release`: single figures and spreads by address, and tables.

    `annex` are the tables at the end of the report, in the order in which prose first speaks of them.
    """

    addresses: tuple[Address, ...]
    tables: tuple[TableRequest, ...]
    annex: tuple[TableRequest, ...]


def needs(study: Study, text: str, file: str = "report.md") -> Needs:
    """Everything that the report in `text` asks of the answers; what the study does not have is left out."""
    document = read_document(text, file)
    banners: dict[str, dict[str, None]] = {}
    for claim in document.claims:
        for name, by in _spoken_of(claim, study):
            banners.setdefault(name, {}).update(dict.fromkeys(by))
    tables = dict[TableRequest, None]()
    for block in document.blocks:
        if block.kind not in ("chart", "table") or not_shown(block.kind, block.subject, study):
            continue
        if block_fits(block.subject, block.by, study):
            tables[TableRequest(block.subject, block.by)] = None
            banners.setdefault(block.subject.partition(".")[0], {}).update(dict.fromkeys(block.by))
    annex = tuple(TableRequest(name, tuple(by)) for name, by in banners.items())
    addresses = dict.fromkeys((*requests(text, study, file), *_bases(document, study)))
    return Needs(tuple(addresses), tuple(dict.fromkeys((*tables, *annex))), annex)


def block_fits(subject: str, by: tuple[str, ...], study: Study) -> bool:
    """Whether a block's question and attributes exist and have answers."""
    known = subject in study.questionnaire.by_id or subject in study.variables
    return known and all(name in study.variables and study.variables[name].options for name in by)


def base_addresses(study: Study, attribute: str) -> Mapping[str, Address]:
    """The count of replies of each group of an attribute or question, by label; blank too, if it counts."""
    variable = study.variables.get(attribute)
    if variable is None:
        return {}
    labels = {option.name: option.label for option in variable.options}
    labels |= {kind.name: kind.label for kind in variable.counted}
    return {label: parse_address(f"responses/{attribute}={name}") for name, label in labels.items()}


def _bases(document: Document, study: Study) -> Iterator[Address]:
    for block in document.blocks:
        for attribute in block.by if block.kind == "bases" else ():
            yield from base_addresses(study, attribute).values()


def _spoken_of(claim: Claim, study: Study) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The questions that a claim measures, each with the attributes by which it splits them."""
    address = claim.address
    if address is None or address.stat == "cite" or resolve(address, study):
        return
    by = tuple(f.name for f in address.filters if f.op and study.variables[f.name].kind == "codes")
    for variable in measured(address, study)[:1]:
        if variable.options:
            yield variable.question.id if variable.question else variable.name, by
