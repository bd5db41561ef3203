"""Whole valid studies for property tests: every kind, nets, scores, orders, routes, nasty texts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from topline.study.lexer import RESERVED
from topline.study.model import (
    KINDS,
    MISSING_KINDS,
    Attribute,
    Check,
    Derived,
    Group,
    Missing,
    Net,
    Option,
    Order,
    Question,
    Questionnaire,
    Row,
    Scale,
    Section,
    Split,
    Study,
)
from topline.study.parse import write_condition
from topline.study.tree import Compare, Condition, Has, In, InGroup, Is, Not, Or, Ref

NASTY = (
    ": ", " #", "#1", "- ", "? ", "--- ", "... ", "'", '"', "\\", "\n", "\n\n", "\t", "  ", "{a|b}", "[x]",
    "a, b", "&a", "*b", "!c", "%", "@", "`", "|", ">-", "yes", "no", "~", "null", "1", "1.50", "0x1f",
    "2020-01-01", "=", "<<",
    "é", "Ŵ", "—", "漢字", "🙂", "\u2028", "\x85", "\xa0", "\ufeff", "\x07", "\x1c", "a: b", "key:", "…",
)  # fmt: skip
_taken = {*RESERVED, *MISSING_KINDS, "missing", "answered", "count", "any", "all"}
names = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True).filter(lambda name: name not in _taken)


def _repeated(words: list[str]) -> str:
    return " ".join(words * (48 // len(words)))


_pieces = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
texts = st.one_of(
    st.sampled_from(["Yes", "How are you?", "A word, and: another"]),
    st.lists(_pieces, min_size=1, max_size=6).map("".join),
    # long enough to be folded; repeated, since sixty drawn words would take most of the test's time
    st.builds(_repeated, st.lists(st.text("abc:#-", min_size=1, max_size=9), min_size=1, max_size=4)),
).filter(lambda text: text.strip() != "")
_numbers = st.decimals(-1000, 1000, places=2) | st.integers(-9, 99).map(Decimal)
_optional_text = st.none() | texts
_places = st.sampled_from([None, None, "first", "last"])


def _codes(draw: st.DrawFn, count: int) -> list[int | None]:
    if draw(st.booleans()):
        return [None] * count
    return list(draw(st.lists(st.integers(-5, 999), min_size=count, max_size=count, unique=True)))


@st.composite
def answer_lists(draw: st.DrawFn) -> tuple[Option, ...]:
    """Answers with any settings, among them a hierarchy."""
    made: list[Option] = []
    chosen = draw(st.lists(names, min_size=1, max_size=5, unique=True))
    for name, code in zip(chosen, _codes(draw, len(chosen)), strict=True):
        rest: dict[str, Any] = {}
        if draw(st.booleans()):
            rest = {
                "short": draw(_optional_text),
                "hint": draw(_optional_text),
                "place": draw(_places),
                "exclusive": draw(st.booleans()),
                "specify": draw(_optional_text),
                "ends": draw(st.sampled_from([None, "screened_out"])),
                "data": draw(_optional_text),
                "parent": draw(st.sampled_from([None, *(option.name for option in made)])),
            }
        made.append(Option(name, draw(texts), code, **rest))
    return tuple(made)


@st.composite
def points(draw: st.DrawFn) -> tuple[Option, ...]:
    """The answers of a generated scale."""
    low, size = draw(st.integers(0, 3)), draw(st.integers(1, 10))
    ends = draw(st.none() | st.tuples(texts, texts))
    words = {low: ends[0], low + size: ends[1]} if ends else {}
    return tuple(
        Option(f"p{n}", f"{n} – {words[n]}" if n in words else str(n), n, str(n))
        for n in range(low, low + size + 1)
    )


@st.composite
def scales(draw: st.DrawFn, name: str, declared: tuple[Missing, ...]) -> Scale:
    """A list of answers with nets, scores and missing kinds."""
    generated = draw(st.integers(0, 4)) == 0
    options = draw(points() if generated else answer_lists())
    answers = [option.name for option in options]
    nets = tuple(
        Net(net, draw(texts), tuple(draw(st.lists(st.sampled_from(answers), min_size=1, unique=True))))
        for net in draw(st.lists(names, max_size=2, unique=True))
        if net not in answers
    )
    score = st.lists(st.none() | _numbers, min_size=len(options), max_size=len(options)).map(tuple)
    scores = draw(st.dictionaries(names | st.just("mean"), score, max_size=2))
    if generated:
        scores.setdefault("mean", tuple(Decimal(option.code or 0) for option in options))
    return Scale(name, options, _some(draw, declared), nets, scores)


def _some(draw: st.DrawFn, declared: tuple[Missing, ...]) -> tuple[Missing, ...]:
    return tuple(kind for kind in declared if draw(st.booleans()))


def _order(draw: st.DrawFn, splits: tuple[Split, ...], only: tuple[str, ...] = ()) -> Order | None:
    by = draw(st.sampled_from([None, *(split.name for split in splits)]))
    return draw(st.sampled_from([None, Order("shuffle", by, only), Order("flip", by, only)]))


def _condition(draw: st.DrawFn, earlier: list[Question], groups: tuple[Group, ...]) -> Condition | None:
    """A route on what was asked before, of the forms that fit its kind; None now and then."""
    usable = [question for question in earlier if question.kind != "info"]
    if not usable or draw(st.booleans()):
        return None
    question = draw(st.sampled_from(usable))
    ref = Ref(question.id, question.rows[0].name if question.rows else None)
    answers = [option.name for option in question.options]
    node: Any = Is(ref, "answered")
    if question.kind in ("single", "grid"):
        node = draw(st.sampled_from([Compare(ref, "=", answers[0]), In(ref, tuple(answers)), node]))
    elif question.kind == "multiple":
        node = Has(ref, tuple(answers), draw(st.sampled_from(["any", "all"])))
    elif question.kind == "number":
        node = Compare(ref, ">=", draw(_numbers))
    elif question.kind == "date":
        node = Compare(ref, "<", date(2013, 11, 1))
    node = draw(st.sampled_from([node, Not(node), Or((node, Is(ref, "missing")))]))
    if groups and draw(st.booleans()):
        node = Or((InGroup(groups[0].name), Not(node)))
    return Condition(node, draw(st.sampled_from(["", write_condition(node)])))


def _answers(draw: st.DrawFn, kind: str, shared: tuple[Scale, ...], declared: tuple[Missing, ...]) -> Any:
    """The answers of a question: its own, or those of a scale with some of its parts its own."""
    scale = draw(st.sampled_from([None, *shared]))
    own = draw(scales("", declared)) if scale is None else scale
    made = {
        "scale": scale.name if scale else None,
        "options": own.options,
        "missing": own.missing if draw(st.booleans()) else _some(draw, declared),
        "nets": own.nets,
        "scores": own.scores,
    }
    if kind == "grid":
        rows = draw(st.lists(names, min_size=1, max_size=3, unique=True))
        made["rows"] = tuple(
            Row(name, draw(texts), code, draw(_optional_text), draw(_places))
            for name, code in zip(rows, _codes(draw, len(rows)), strict=True)
        )
    return made


def _limits(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    if kind == "number":
        low, high = sorted(draw(st.tuples(_numbers, _numbers)))
        bounds = {"minimum": low, "maximum": high} if draw(st.booleans()) else {}
        return {**bounds, "decimals": draw(st.integers(0, 3))}
    if kind == "date":
        low_day, high_day = sorted(draw(st.tuples(st.dates(), st.dates())))
        return {"minimum": low_day, "maximum": high_day} if draw(st.booleans()) else {}
    if kind == "rank":
        return {"places": draw(st.none() | st.integers(1, 3))}
    if kind == "text":
        quotes = draw(st.sampled_from([None, "ask"]))
        lines, length = draw(st.integers(1, 5)), draw(st.none() | st.integers(1, 9999))
        return {"quotes": quotes, "lines": lines, "max_length": length}
    return {}


@st.composite
def _question(draw: st.DrawFn, id: str, asked: Questionnaire, groups: tuple[Group, ...]) -> Question:
    kind = draw(st.sampled_from(KINDS))
    earlier = list(asked.questions)
    if kind == "info":
        words = {"title": draw(_optional_text), "text": draw(texts)}
        return Question(kind, id, required=False, ask_if=_condition(draw, earlier, groups), **words)
    rest: dict[str, Any] = {"missing": _some(draw, asked.missing), **_limits(draw, kind)}
    if kind in ("single", "multiple", "grid", "rank"):
        rest |= _answers(draw, kind, asked.scales, asked.missing)
        only = (rest["options"][0].name,) if draw(st.booleans()) else ()
        if kind == "grid":
            row = (rest["rows"][0].name,) if only else ()
            rest["order_rows"] = _order(draw, asked.splits, row)
        rest["order_options"] = _order(draw, asked.splits, () if rest.get("order_rows") else only)
        if kind != "rank":
            rest["look"] = draw(st.sampled_from([None, "list"]))
    multiples = [question.id for question in earlier if question.kind == "multiple"]
    if kind == "rank" and multiples and draw(st.booleans()):
        rest = {"options_from": draw(st.sampled_from(multiples)), "places": rest["places"]}
    this = Question(kind, id, ask=draw(texts), label=draw(texts), hint=draw(_optional_text), **rest)
    blank: dict[str, Any] = {}
    if draw(st.booleans()):
        blank = {"blank": Missing("blank", draw(texts), draw(st.booleans()))}
    elif kind == "multiple":
        blank = {"blank_counts": draw(st.booleans())}
    rule = _condition(draw, [this] if not this.options_from else [], ())
    checks = (Check(draw(st.sampled_from(["hard", "soft"])), rule, draw(texts)),) if rule else ()
    settings: dict[str, Any] = {
        "ask_if": _condition(draw, earlier, groups),
        "base_text": draw(_optional_text),
        "required": draw(st.booleans()),
        "column": draw(_optional_text),
        "checks": checks,
    }
    return Question(**{name: getattr(this, name) for name in Question.__slots__} | settings | blank)


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """A questionnaire with sections and pages; its routes look back."""
    ids = draw(st.lists(names, min_size=4, max_size=12, unique=True))
    split_name, group_name, *ids = ids
    kinds = draw(st.lists(st.sampled_from(["dont_know", "refused", "not_applicable"]), unique=True))
    codes = _codes(draw, len(kinds))
    missing = tuple(
        Missing(name, draw(texts), draw(st.booleans()), code) for name, code in zip(kinds, codes, strict=True)
    )
    shared = tuple(draw(scales(name, missing)) for name in draw(st.lists(names, max_size=2, unique=True)))
    arms = draw(st.dictionaries(names, st.integers(1, 5), min_size=1, max_size=3))
    splits = (Split(split_name, draw(texts), arms),) if draw(st.booleans()) else ()
    asked = Questionnaire((), (), missing, shared, splits, ())
    questions: list[Question] = []
    groups: tuple[Group, ...] = ()
    for id in ids:
        questions.append(
            draw(_question(id, Questionnaire(tuple(questions), (), missing, shared, splits), groups))
        )
        where = None if groups else _condition(draw, questions, ())
        if where:
            groups = (Group(group_name, draw(texts), where),)
    sections, placed = _placed(draw, questions)
    return Questionnaire(placed, sections, asked.missing, asked.scales, asked.splits, groups)


def _placed(draw: st.DrawFn, questions: list[Question]) -> tuple[tuple[Section, ...], tuple[Question, ...]]:
    """Cut the list into sections and pages, as a file would."""
    sections: list[Section] = []
    section: str | None = None
    page: str | None = None
    placed: list[Question] = []
    for at, question in enumerate(questions):
        for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):  # two: the first one stays empty
            section, page = f"s{len(sections)}", None
            order = draw(st.sampled_from([None, Order("shuffle")]))
            route = _condition(draw, placed, ())
            sections.append(Section(section, draw(texts), route, order))
        if draw(st.integers(0, 2)) == 0:
            page = f"page{at}"
        alone = question.kind == "info" and at in (0, len(questions) - 1)
        values = {name: getattr(question, name) for name in Question.__slots__}
        values |= {"section": section, "page": question.id if page is None or alone else page}
        placed.append(Question(**values))
    return tuple(sections), tuple(placed)


@st.composite
def attributes(draw: st.DrawFn, name: str) -> Attribute:
    """A code list or a number."""
    if draw(st.booleans()):
        low, high = sorted(draw(st.tuples(_numbers, _numbers)))
        return Attribute(name, draw(texts), "number", draw(_optional_text), minimum=low, maximum=high)
    options = draw(answer_lists())
    answers = [option.name for option in options]
    one = draw(st.sampled_from(["", "all", "each"]))
    return Attribute(
        name,
        draw(texts),
        column=draw(_optional_text),
        options=options,
        nets=(Net("a_net", draw(texts), tuple(answers)),) if "a_net" not in answers else (),
        reads=draw(texts) if one == "all" else None,
        reads_of={answers[0]: draw(texts)} if one == "each" else {},
        coarsen=("agency", "department") if draw(st.booleans()) else (),
    )


@st.composite
def studies(draw: st.DrawFn) -> Study:
    """A whole study that loads without an error."""
    asked = draw(questionnaires())
    inference = draw(st.sampled_from(["descriptive", "design", "census-nonresponse", "model"]))
    settings: dict[str, Any] = {
        "organisation": draw(texts),
        "population": draw(texts),
        "disclosure": {"group_minimum": "10", "why": draw(texts), "never_cross": [["a", "b"], ["c"]]},
        "weighting": {"adjust": "none", "why": draw(texts)},
        "analysis": {"banner": ["region"], "sets": {"one": ["a=b", "c=d"]}},
        "inference": {"model": {"assume": draw(texts)}} if inference == "model" else inference,
        "topline": "1",
    }
    derived = Derived("zz_index", draw(texts), "mean", ("a", "b"), score="mean", at_least=2)
    return Study(
        id=draw(names),
        title=draw(texts),
        folder="",
        languages=("en", "cy"),
        inference=inference,
        questionnaire=asked,
        attributes=tuple(draw(attributes(f"zz_{n}")) for n in range(draw(st.integers(0, 2)))),
        derived=(derived,) if draw(st.booleans()) else (),
        anonymity=draw(st.sampled_from(["anonymous", "confidential"])),
        settings=settings,
    )
