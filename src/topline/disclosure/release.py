"""The door: what may be published of the figures that were asked for, and of nothing else.

The gate is thin as yet; `rules` says what it does and what it does not prove.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from topline.base import ToplineError
from topline.dataset import Dataset, excluded_sentence, made_up_sentence
from topline.designs import Design, invited_of
from topline.disclosure.hide import released_table
from topline.disclosure.released import Contrast, Figure, Released, ReleasedTable, TableRequest
from topline.disclosure.single import Desk
from topline.disclosure.spread import expand
from topline.estimates import holm
from topline.study import Study
from topline.study.address import Address
from topline.study.resolve import resolve

Request = Address | TableRequest


def release(study: Study, dataset: Dataset, design: Design, requests: Iterable[Request]) -> Released:
    """Compute and check what is asked for. Conditions of addresses don't matter here.

    A spread brings its figures, and the contrasts of its highest and of its lowest figure with all others, p
    adjusted by Holm over each of the two families. Left out, because nothing computes them yet: waves,
    medians, indices of questions, cited figures, response rates of groups. Raises ToplineError for names that
    the study does not have.
    """
    wanted = list(requests)
    addresses = [one.figure for one in wanted if isinstance(one, Address) and one.stat != "cite"]
    findings = [finding for address in addresses for finding in resolve(address, study)]
    if findings:
        raise ToplineError(findings)
    desk = Desk(dataset, design)
    figures: dict[Address, Figure] = {}
    spreads: dict[Address, tuple[Figure, ...]] = {}
    contrasts: dict[tuple[Address, Address], Contrast] = {}
    for address in dict.fromkeys(addresses):
        if address.is_spread:
            _spread(address, desk, figures, spreads, contrasts)
        elif address.is_contrast:
            _pair(*address.sides(), desk, figures, contrasts)
        elif figure := desk.figure(address):
            figures[address] = figure
    tables = {one: released_table(one, desk) for one in wanted if isinstance(one, TableRequest)}
    return _released(study, dataset, design, figures, spreads, contrasts, tables)


def _pair(
    a: Address,
    b: Address,
    desk: Desk,
    figures: dict[Address, Figure],
    contrasts: dict[tuple[Address, Address], Contrast],
) -> Contrast | None:
    contrast = desk.contrast(a, b)
    if contrast is not None:
        contrasts[a, b] = contrast
        figures[a], figures[b] = contrast.a, contrast.b
    return contrast


def _spread(
    address: Address,
    desk: Desk,
    figures: dict[Address, Figure],
    spreads: dict[Address, tuple[Figure, ...]],
    contrasts: dict[tuple[Address, Address], Contrast],
) -> None:
    members = expand(address, desk.data.study)
    if any(member.is_spread or member.is_contrast for member in members):
        return
    found = [desk.figure(member) for member in members]
    shown = tuple(figure for figure in found if figure is not None)
    if len(shown) < len(members):
        return
    spreads[address] = shown
    figures.update({figure.address: figure for figure in shown})
    ranked = sorted(
        (figure for figure in shown if figure.value is not None), key=lambda figure: figure.value or 0.0
    )
    for extreme in {figure.address: figure for figure in (*ranked[-1:], *ranked[:1])}.values():
        others = [figure for figure in ranked if figure is not extreme]
        family = [_pair(extreme.address, other.address, desk, figures, contrasts) for other in others]
        _adjust([one for one in family if one is not None], contrasts)


def _adjust(family: Sequence[Contrast], contrasts: dict[tuple[Address, Address], Contrast]) -> None:
    tested = [(one, one.p) for one in family if one.p is not None]
    for (one, _), adjusted in zip(tested, holm([p for _, p in tested]), strict=True):
        contrasts[one.a.address, one.b.address] = replace(one, adjusted=adjusted)


def _released(
    study: Study,
    data: Dataset,
    design: Design,
    figures: Mapping[Address, Figure],
    spreads: Mapping[Address, tuple[Figure, ...]],
    contrasts: Mapping[tuple[Address, Address], Contrast],
    tables: Mapping[TableRequest, ReleasedTable],
) -> Released:
    invited = invited_of(study)
    return Released(
        study=study.id,
        title=study.title,
        inference=study.inference,
        noun=noun_of(study),
        made_up=data.made_up,
        made_up_sentence=made_up_sentence(data),
        responses=data.n,
        invited=invited,
        response_rate=None if invited is None or study.inference == "model" else 100.0 * data.n / invited,
        weighting=design.sentence,
        data_hash=data.data_hash,
        figures=figures,
        spreads=spreads,
        contrasts=contrasts,
        tables=tables,
        excluded_sentence=excluded_sentence(data),
    )


def noun_of(study: Study) -> Literal["respondents", "people"]:
    """Whom sentences may speak of: `people` of the population only where the inference reaches them."""
    return "people" if study.inference in ("design", "census-nonresponse") else "respondents"
