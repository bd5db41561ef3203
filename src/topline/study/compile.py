"""From a study to its compiled form: what is frozen at launch, and all that the respondent's pages read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Final

from topline.study.compiled import Asked, Choice, Compiled, Draw, Item, Known, Ordering, Part, Rule, Screen
from topline.study.expand import expand, refs
from topline.study.model import Attribute, Missing, Option, Order, Question, Section, Study
from topline.study.pipes import pipes_of
from topline.study.translations import load_translations, texts_of
from topline.study.tree import And, Node

_STUDY_TEXTS: Final = ("study.title", "study.organisation", "study.carried_out_by", "study.commissioned_by")
Translations = Mapping[str, Mapping[str, str]]


def compile_study(study: Study, translations: Translations | None = None) -> Compiled:
    """Compile a study that `check` has passed; `translations` is language -> address -> text.

    Raises ToplineError for a condition over an unknown group.
    """
    texts = {**texts_of(study), **dict(_further_texts(study))}
    questions = list(study.questionnaire.questions)
    start = _asked(study, questions.pop(0)) if questions and _is_frame(questions[0]) else None
    thanks = _asked(study, questions.pop()) if questions and _is_frame(questions[-1]) else None
    contact = study.settings.get("contact")
    form = Compiled(
        id=str(study.id),
        languages=tuple(map(str, study.languages)),
        anonymity=study.anonymity,
        screens=tuple(_screens(study, questions, texts)),
        start=start,
        thanks=thanks,
        sections=tuple(
            Part(str(each.name), f"{each.name}.title", _ordering(each.questions))
            for each in study.questionnaire.sections
        ),
        attributes=tuple(_attribute(study, each) for each in study.attributes),
        splits=tuple(Draw(str(each.name), dict(each.arms)) for each in study.questionnaire.splits),
        privacy=_privacy(study),
        contact={str(k): str(v) for k, v in contact.items()} if isinstance(contact, Mapping) else {},
    )
    first, *others = study.languages
    used = (*_STUDY_TEXTS, *_addresses(form))
    shown = {address: str(texts[address]) for address in used if address in texts}
    found = {language: _known(shown, (translations or {}).get(language, {})) for language in others}
    return replace(form, texts={first: shown, **found})


def _privacy(study: Study) -> Mapping[str, str]:
    """What the privacy notice is made of: settings, or the study's own text."""
    privacy = study.settings.get("privacy")
    if isinstance(privacy, Mapping):
        until = privacy.get("keep_until", {})
        said = {str(name): str(value) for name, value in privacy.items() if name != "keep_until"}
        return said | {f"until.{kind}": str(day) for kind, day in until.items()}
    path = Path(study.folder, str(privacy)) if privacy else None
    return {"text": path.read_text("utf-8")} if path is not None and path.is_file() else {}


def translated(study: Study) -> Translations:
    """The texts of the study's other languages, as `compile_study` takes them; stale and missing ones left
    out.
    """
    return {language: each.texts for language, each in load_translations(study)[0].items()}


def _known(texts: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    return {address: str(found[address]) for address in texts if found.get(address)}


def _further_texts(study: Study) -> Iterator[tuple[str, str]]:
    """Texts that the pages show and nobody translates: names of bodies, kinds that a question words anew."""
    for key in ("organisation", "carried_out_by", "commissioned_by"):
        if isinstance(value := study.settings.get(key), str):
            yield f"study.{key}", value
    for question in study.questionnaire.questions:
        for kind in question.missing:
            yield _missing_address(study, question, kind), kind.label


def _missing_address(study: Study, question: Question, missing: Missing) -> str:
    """The address of a missing kind's label: the study's, unless the scale or the question words it anew."""
    of_study = study.questionnaire.missing
    shared = any(kind.name == missing.name and kind.label == missing.label for kind in of_study)
    return f"missing.{missing.name}" if shared else f"{_option_base(question)}.missing.{missing.name}"


def _option_base(question: Question) -> str:
    """The address under which a question's options stand: its scale's, when it has one."""
    return f"scales.{question.scale}" if question.scale else str(question.id)


def _addresses(value: object) -> Iterator[str]:
    """Every text within a value of the compiled form: among them the addresses of texts."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from _addresses(getattr(value, each.name))
    elif isinstance(value, Mapping):
        yield from (address for each in value.values() for address in _addresses(each))
    elif isinstance(value, tuple):
        yield from (address for each in value for address in _addresses(each))


def _is_frame(question: Question) -> bool:
    """Whether an `info` stands first or last to frame the interview: words of the start or thank-you page."""
    return question.kind == "info" and question.ask_if is None


# --- screens


def _screens(study: Study, questions: list[Question], texts: Mapping[str, str]) -> Iterator[Screen]:
    """Cut pages where a question hangs on an earlier one of the same page: without script it cannot
    appear.
    """
    for page, on_page in _by_page(questions).items():
        groups: list[list[Asked]] = [[]]
        for question in on_page:
            asked = _asked(study, question)
            here = {each.id for each in groups[-1]}
            if groups[-1] and here & set(_leans_on(asked, texts)):
                groups.append([])
            groups[-1].append(asked)
        for number, group in enumerate(groups, start=1):
            name = page if number == 1 else f"{page}-{number}"
            section = on_page[0].section
            yield Screen(name, tuple(group), str(section) if section else None)


def _by_page(questions: list[Question]) -> dict[str, list[Question]]:
    pages: dict[str, list[Question]] = {}
    for question in questions:
        pages.setdefault(str(question.page or question.id), []).append(question)
    return pages


def _leans_on(asked: Asked, texts: Mapping[str, str]) -> Iterator[str]:
    """The questions that must be answered before this one can be drawn."""
    if asked.route is not None:
        yield from (ref.name for ref in refs(asked.route))
    if asked.options_from:
        yield asked.options_from
    for address in _addresses(asked):
        for pipe in pipes_of(texts.get(address, "")):
            yield pipe.name.partition(".")[0]


# --- questions


def _asked(study: Study, question: Question) -> Asked:
    def text(key: str) -> str | None:
        return f"{question.id}.{key}" if getattr(question, key) else None

    return Asked(
        kind=question.kind,
        id=str(question.id),
        ask=text("ask"),
        label=text("label"),
        hint=text("hint"),
        title=text("title"),
        text=text("text") if question.kind == "info" else None,
        route=_route(study, question),
        required=question.required and question.kind != "info",
        options=_options(study, question),
        missing=tuple(
            Choice(str(each.name), _missing_address(study, question, each), each.code)
            for each in question.missing
        ),
        rows=tuple(
            Item(str(each.name), f"{question.id}.rows.{each.name}", each.code, each.place)
            for each in question.rows
        ),
        order_rows=_ordering(question.order_rows),
        order_options=_ordering(question.order_options),
        options_from=str(question.options_from) if question.options_from else None,
        places=question.places,
        minimum=question.minimum,
        maximum=question.maximum,
        decimals=question.decimals,
        lines=question.lines,
        max_length=question.max_length,
        quotes=question.quotes == "ask",
        look=question.look,
        checks=tuple(
            Rule(each.severity, expand(each.rule, study), f"{question.id}.checks.{number}")
            for number, each in enumerate(question.checks, start=1)
        ),
    )


def _route(study: Study, question: Question) -> Node | None:
    section: Section | None = next(
        (each for each in study.questionnaire.sections if each.name == question.section), None
    )
    conditions = [each.ask_if for each in (section, question) if each is not None and each.ask_if is not None]
    nodes = tuple(expand(each, study) for each in conditions)
    return nodes[0] if len(nodes) == 1 else And(nodes) if nodes else None


def _options(study: Study, question: Question) -> tuple[Choice, ...]:
    """The options with the addresses of their words; those taken from another question keep its addresses."""
    source = study.questionnaire.by_id.get(question.options_from or "")
    if source is None:
        return tuple(_choice(_option_base(question), each) for each in question.options)
    return tuple(_choice(_option_base(source), each) for each in source.options if not each.exclusive)


def _choice(base: str, option: Option) -> Choice:
    address = f"{base}.options.{option.name}"
    return Choice(
        name=str(option.name),
        text=address,
        code=option.code,
        hint=f"{address}.hint" if option.hint else None,
        place=option.place,
        exclusive=option.exclusive,
        specify=f"{address}.specify" if option.specify else None,
        ends=option.ends,
    )


def _attribute(study: Study, attribute: Attribute) -> Known:
    frame = study.settings.get("frame")
    keep = frame.get("keep") if isinstance(frame, Mapping) else None
    return Known(
        name=str(attribute.name),
        label=f"attributes.{attribute.name}.label",
        kind=attribute.kind,
        options=tuple(_choice(f"attributes.{attribute.name}", option) for option in attribute.options),
        shorts={
            str(option.name): f"attributes.{attribute.name}.options.{option.name}.short"
            for option in attribute.options
            if option.short
        },
        kept=not isinstance(keep, list) or attribute.name in keep,
    )


def _ordering(order: Order | None) -> Ordering | None:
    if order is None:
        return None
    return Ordering(order.how, str(order.by) if order.by else None, tuple(map(str, order.only)))
