"""Every text that people read, by its address (`momentum.options.stalled`): a PO file's `msgctxt`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from topline.study.marks import Map, Text
from topline.study.model import Missing, Net, Option, Question, Row, Study

Pair = tuple[str, str]
_PLAN: Final = (
    ("inference", "model", "assume"),
    ("frame", "coverage"),
    ("privacy", "lawful_basis"),
    ("privacy", "special_category"),
    ("privacy", "contact"),
    ("weighting", "why"),
    ("weighting", "beside", "why"),
    ("disclosure", "why"),
    ("data", "made_up"),
)


def texts_of(study: Study) -> Mapping[str, str]:
    """Every text of the study by address, in the order of the files; a scale's stand once, under it."""
    return dict(_texts(study))


def _texts(study: Study) -> Iterator[Pair]:
    yield "study.title", study.title
    population = study.settings.get("population")
    if isinstance(population, Text):
        yield "study.population", population
    asked = study.questionnaire
    for kind in asked.missing:
        yield f"missing.{kind.name}", kind.label
    for scale in asked.scales:
        yield from _options(f"scales.{scale.name}", scale.options)
        yield from _nets(f"scales.{scale.name}", scale.nets)
    for split in asked.splits:
        yield f"splits.{split.name}", split.label
    for group in asked.groups:
        yield f"groups.{group.name}", group.label
    sections = {section.name: section for section in asked.sections}
    for question in asked.questions:
        if section := sections.pop(question.section or "", None):
            yield f"{section.name}.title", section.title
        yield from _question(question, {scale.name: scale.nets for scale in asked.scales})
    for attribute in study.attributes:
        at = f"attributes.{attribute.name}"
        yield f"{at}.label", attribute.label
        yield from _options(at, attribute.options)
        yield from _nets(at, attribute.nets)
        if attribute.reads:
            yield f"{at}.reads", attribute.reads
        for group_name, text in attribute.reads_of.items():
            yield f"{at}.reads.{group_name}", text
    for derived in study.derived:
        yield f"derive.{derived.name}", derived.label
        yield from _options(f"derive.{derived.name}", derived.options)
    yield from _plan(study)


def _question(question: Question, scale_nets: Mapping[str, tuple[Net, ...]]) -> Iterator[Pair]:
    at = question.id
    for name in ("title", "text", "ask", "hint", "label", "base_text"):
        if text := getattr(question, name):
            yield f"{at}.{name}", text
    for row in question.rows:
        yield from _entry(f"{at}.rows.{row.name}", row)
    if question.scale is None:
        yield from _options(at, question.options)
    if question.nets != scale_nets.get(question.scale or "", ()):
        yield from _nets(at, question.nets)
    if question.blank:
        yield f"{at}.blank", question.blank.label
    for number, check in enumerate(question.checks, start=1):
        yield f"{at}.checks.{number}", check.say


def _options(at: str, options: Iterable[Option]) -> Iterator[Pair]:
    for option in options:
        place = f"{at}.options.{option.name}"
        yield from _entry(place, option)
        for name in ("hint", "specify"):
            if text := getattr(option, name):
                yield f"{place}.{name}", text


def _entry(at: str, thing: Option | Row | Missing) -> Iterator[Pair]:
    yield at, thing.label
    if short := getattr(thing, "short", None):
        yield f"{at}.short", short


def _nets(at: str, nets: Iterable[Net]) -> Iterator[Pair]:
    for net in nets:
        yield f"{at}.nets.{net.name}", net.label


def _plan(study: Study) -> Iterator[Pair]:
    """The texts of study.yaml that readers see: reasons, coverage, models and the privacy notice."""
    for path in _PLAN:
        value: object = study.settings
        for name in path:
            value = value.get(name) if isinstance(value, Map) else None
        if isinstance(value, Text):
            yield ".".join(path), value
