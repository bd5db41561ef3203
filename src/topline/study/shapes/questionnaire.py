"""The shape of questionnaire.yaml (FORMAT.md sections 3 and 4)."""

from __future__ import annotations

from typing import Final

from topline.study.shapes.engine import (
    BOUND,
    CODED,
    COUNT,
    EXPRESSION,
    FILE,
    FLAG,
    NAMED,
    NOT_NEGATIVE,
    NUMBER,
    REFERENCE,
    TEXT,
    Either,
    Items,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Scalar,
    Setting,
    must,
    record,
)

PLACE: Final = OneOf(("first", "last"))
ORDER_HOW: Final = Scalar("order", "shuffle, flip, or either “by” a split, as in “flip by direction”")
NAMES: Final = ListOf(NAMED)

OPTION: Final = record(
    "answer",
    "One answer. A bare text is its label.",
    TEXT,
    label=must(TEXT, "what the respondent reads"),
    short=(TEXT, "a short form for tables and sentences"),
    hint=(TEXT, "a second line under the answer"),
    place=(PLACE, "keeps its place when the order varies"),
    exclusive=(FLAG, "in a multiple response: chosen alone, as “none of these”"),
    specify=(TEXT, "the question of a text box beside the answer, as in “Please say what”"),
    ends=(OneOf(("screened_out",)), "choosing it ends the interview"),
    data=(TEXT, "how a file from elsewhere writes this answer, when not by its code"),
    parent=(NAMED, "the answer above it, where a code list is a hierarchy"),
)
ROW: Final = record(
    "row",
    "One item of a grid. A bare text is its label.",
    TEXT,
    label=must(TEXT, "what the respondent reads"),
    short=(TEXT, "a short form for tables and sentences"),
    place=(PLACE, "keeps its place when the order varies"),
)
NET: Final = Record(
    "net",
    {
        "label": must(TEXT, "its name in tables"),
        "of": Setting(NAMES, "the answers in it"),
        "not": Setting(NAMES, "every answer but these"),
    },
    doc="Several answers counted as one. It has `of` or `not`, one of them.",
)
MISSING: Final = record(
    "missing kind",
    "A kind of non-answer that a respondent can choose.",
    TEXT,
    label=must(TEXT, "what the respondent reads"),
    in_base=(FLAG, "whether it counts in the base of percentages; false unless said"),
)
BLANK: Final = record(
    "blank",
    "Nothing chosen, shown as an answer-like column of tables.",
    label=must(TEXT, "its name in tables"),
    in_base=(FLAG, "whether it counts in the base; false unless said"),
)
OPTIONS: Final = Either(text=FILE, map=MapOf(CODED, OPTION, "answer"))
NETS: Final = MapOf(NAMED, NET, "net")
SCORES: Final = MapOf(
    NAMED,
    Either(
        text=OneOf(("nps",)),
        items=ListOf(Either(text=Scalar("score", "a number, or - for none"))),
        map=record(
            "difference of nets",
            "The share of one net or answer less that of another, in points.",
            above=must(NAMED, "the net or answer that counts"),
            below=must(NAMED, "the one that is taken off"),
        ),
    ),
    "score",
)
ANSWERS: Final = {
    "options": Setting(OPTIONS, "the answers: lines of CODE NAME: LABEL, or the name of a .csv file"),
    "points": Setting(ListOf(NUMBER, exactly=2), "a generated scale, as [0, 10]: answers p0 to p10"),
    "ends": Setting(ListOf(TEXT, exactly=2), "with points: the words at its two ends"),
    "missing": Setting(NAMES, "which of the study's missing kinds can be chosen here"),
    "nets": Setting(NETS, "answers counted together"),
    "scores": Setting(
        SCORES,
        "for means: numbers in the order of the options; {above: NET, below: NET}; or nps (of a 0 to 10"
        " scale, 9 and 10 less 0 to 6)",
    ),
}
SCALE: Final = Record("scale", ANSWERS, doc="Answers that several questions share.")
SPLIT: Final = record(
    "split",
    "A random division of people, drawn once a person and kept with the answers.",
    label=must(TEXT, "its name in tables"),
    arms=must(MapOf(NAMED, COUNT, "arm"), "the arms and their relative sizes"),
)
GROUP: Final = record(
    "group",
    "A named condition: route, table filter, banner column, claim filter and sentence.",
    label=must(TEXT, "how a base sentence calls these people, as in “those who ...”"),
    where=must(EXPRESSION, "the condition"),
)
ORDER: Final = Either(
    text=ORDER_HOW,
    map=record(
        "order",
        rows=(ORDER_HOW, "the order of a grid's rows"),
        options=(ORDER_HOW, "the order of the answers"),
        questions=(ORDER_HOW, "of a section: the order of its questions"),
        only=(NAMES, "only these change places; all others stay"),
    ),
)
CHECK: Final = record(
    "check",
    "A rule on the answer: `soft` asks once and lets through, `hard` blocks.",
    soft=(EXPRESSION, "what should hold"),
    hard=(EXPRESSION, "what must hold"),
    say=must(TEXT, "what the respondent reads when it does not hold"),
)

_ASKED: Final = {
    "ask": must(TEXT, "the question as the respondent reads it; {name|fallback} pipes an earlier answer in"),
    "label": must(TEXT, "its name in tables, base sentences and the codebook; up to 60 characters"),
    "hint": Setting(TEXT, "a second, lighter line"),
    "ask_if": Setting(EXPRESSION, "who is asked; everybody unless said"),
    "base_text": Setting(TEXT, "the base sentence, where none can be generated"),
    "required": Setting(FLAG, "whether an answer must be given; true unless said (text: false)"),
    "blank": Setting(
        Either(text=OneOf(("counts",)), map=BLANK),
        "`{label, in_base}` shows blank as a column; `counts` (multiple): nothing ticked means none of these",
    ),
    "checks": Setting(ListOf(CHECK), "rules on the answer, hard or soft"),
    "column": Setting(
        TEXT,
        "its column in a file from elsewhere; {row} and {option} stand for the code, or an answer's data:",
    ),
    "missing": ANSWERS["missing"],
}
_CODED: Final = {
    "scale": Setting(NAMED, "a scale declared above, instead of options"),
    **ANSWERS,
    "order": Setting(ORDER, "how the order varies between people"),
    "look": Setting(OneOf(("list",)), "a drop-down list instead of radio buttons"),
}


def _kind(kind: str, doc: str, **settings: Setting | tuple[object, str]) -> Record:
    own = {n: s if isinstance(s, Setting) else Setting(s[0], s[1]) for n, s in settings.items()}  # type: ignore[arg-type]
    return Record(
        kind, {kind: must(NAMED, "the id of the question, its name everywhere"), **_ASKED, **own}, doc=doc
    )


ITEMS: Final[dict[str, Record]] = {
    "single": _kind("single", "One answer of a list.", **_CODED),
    "multiple": _kind("multiple", "Any number of answers of a list.", **_CODED),
    "grid": _kind(
        "grid",
        "Several items with one list of answers.",
        rows=must(MapOf(CODED, ROW, "row"), "the items: lines of CODE NAME: LABEL"),
        **_CODED,
    ),
    "rank": _kind(
        "rank",
        "Answers put in order.",
        options_from=(REFERENCE, "a multiple response: only what was chosen there is offered"),
        places=(COUNT, "how many places are given; all unless said"),
        **_CODED,
    ),
    "number": _kind(
        "number",
        "A number.",
        range=(ListOf(NUMBER, exactly=2), "lowest and highest allowed"),
        decimals=(NOT_NEGATIVE, "places after the point; 0 unless said"),
    ),
    "date": _kind("date", "A date.", range=(ListOf(BOUND, exactly=2), "first and last day allowed")),
    "text": _kind(
        "text",
        "An open answer.",
        lines=(COUNT, "height of the box; 1 unless said"),
        max_length=(COUNT, "the most characters"),
        quotes=(OneOf(("ask",)), "whether respondents are asked if their words may be quoted"),
    ),
    "info": record(
        "info",
        "Text without a question.",
        info=must(NAMED, "its id"),
        title=(TEXT, "its heading"),
        text=must(TEXT, "the text; paragraphs are parted by empty lines"),
        ask_if=(EXPRESSION, "who sees it; everybody unless said"),
    ),
    "section": record(
        "section",
        "Starts a part of the questionnaire, which runs until the next one.",
        section=must(NAMED, "its id"),
        title=must(TEXT, "its heading"),
        ask_if=(EXPRESSION, "who is asked its questions"),
        order=(ORDER, "{questions: shuffle} asks its questions in random order"),
    ),
    "page": record(
        "page",
        "Starts a page; a section without any has one question a page.",
        page=must(NAMED, "its id"),
    ),
}
QUESTIONNAIRE: Final = record(
    "questionnaire.yaml",
    "What is asked, in the order in which it is asked.",
    missing=(MapOf(CODED, MISSING, "missing kind"), "the missing kinds that a respondent can choose"),
    scales=(MapOf(NAMED, SCALE, "scale"), "answers that several questions share"),
    splits=(MapOf(NAMED, SPLIT, "split"), "random divisions of people"),
    groups=(MapOf(NAMED, GROUP, "group"), "named conditions"),
    questions=must(
        Items(ITEMS, "question", tuple(kind for kind in ITEMS if kind not in ("section", "page"))),
        "sections, pages and questions, one flat list",
    ),
)
