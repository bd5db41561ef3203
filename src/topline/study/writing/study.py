"""study.yaml from a study: what the model holds, and the other settings as they were read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from topline.study.model import Attribute, Derived, Study
from topline.study.shapes.study import STUDY
from topline.study.writing.answers import nets_tree, number, options_tree, settings
from topline.study.writing.plain_yaml import Lines, Tree, write_mapping

_WAYS: Final = {
    "mean": "mean_of",
    "index": "index_of",
    "recode": "recode",
    "band": "band",
    "any": "any_of",
    "all": "all_of",
    "count": "count_of",
    "coded": "coded",
}


def study_lines(study: Study) -> list[str]:
    """The lines of study.yaml: one-line settings together, longer parts between empty lines."""
    lines: list[str] = []
    apart = False
    for name, value in _tree(study).items():
        entry = write_mapping({name: value}, 0)
        if lines and (apart or len(entry) > 1):
            lines.append("")
        lines.extend(entry)
        apart = len(entry) > 1
    return lines


def _tree(study: Study) -> dict[str, Tree]:
    given = {name: _as_read(value) for name, value in study.settings.items()}
    declared = given.get("inference")
    held = settings(
        topline="1",
        id=study.id,
        title=study.title,
        languages=list(study.languages),
        inference=declared
        if study.inference == "model" and isinstance(declared, dict)
        else str(study.inference),
        attributes=Lines({attribute.name: _attribute(attribute) for attribute in study.attributes}),
        derive=Lines({derived.name: _derived(derived) for derived in study.derived}),
        anonymity=study.anonymity if study.anonymity != "anonymous" or "anonymity" in given else None,
    )
    everything = {**{name: v for name, v in given.items() if name not in ("attributes", "derive")}, **held}
    order = list(STUDY.settings)
    return dict(sorted(everything.items(), key=lambda e: order.index(e[0]) if e[0] in order else len(order)))


def _as_read(value: object) -> Tree:
    """A part of study.yaml as a tree: texts, lists and mappings."""
    if isinstance(value, Mapping):
        return {str(key): _as_read(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_as_read(item) for item in value]
    return str(value)


def _attribute(attribute: Attribute) -> Lines:
    bounds = (attribute.minimum, attribute.maximum)
    return Lines(
        settings(
            label=attribute.label,
            kind=None if attribute.kind == "codes" else attribute.kind,
            range=[number(bound) for bound in bounds] if None not in bounds else None,
            column=attribute.column,
            bands_of=attribute.bands_of,
            options=options_tree(attribute.options),
            cuts=[number(cut) for cut in attribute.cuts],
            nets=nets_tree(attribute.nets),
            reads=attribute.reads or Lines(attribute.reads_of),
            coarsen=list(attribute.coarsen),
        )
    )


def _derived(derived: Derived) -> Lines:
    many = derived.kind not in ("recode", "band", "coded")
    score = None if derived.kind in ("mean", "index") and derived.score == "mean" else derived.score
    return Lines(
        {
            "label": derived.label,
            _WAYS[derived.kind]: list(derived.of) if many else derived.of[0],
            **settings(
                score=score,
                at_least=derived.at_least if derived.at_least != 1 else None,
                coders=list(derived.coders),
                into=derived.into,
                answer=derived.answer,
                options=options_tree(derived.options),
                map=cast(Tree, dict(derived.mapping)),
                cuts=[number(cut) for cut in derived.cuts],
            ),
        }
    )
