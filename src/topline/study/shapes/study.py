"""The shape of study.yaml (FORMAT.md section 1, SEMANTICS.md sections 3, 4 and 8)."""

from __future__ import annotations

from typing import Final

from topline.study.shapes.engine import (
    COUNT,
    DATE,
    FILE,
    NAMED,
    NOT_NEGATIVE,
    NUMBER,
    REFERENCE,
    TEXT,
    WHOLE,
    Either,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Scalar,
    Setting,
    must,
    record,
)
from topline.study.shapes.plans import ANALYSIS, COLUMN, DISCLOSURE, QUALITY, WEIGHTING
from topline.study.shapes.questionnaire import NAMES, NETS, OPTIONS

INFERENCES: Final = ("descriptive", "design", "census-nonresponse", "model")
LANGUAGE: Final = Scalar("language", "a language tag, as en or cy or en-US")

ATTRIBUTE: Final = record(
    "attribute",
    "What is known of a person without asking here.",
    label=must(TEXT, "its name in tables"),
    kind=(OneOf(("codes", "number", "date")), "codes unless said"),
    column=(COLUMN, "its column in the frame, or in the file of answers"),
    options=(OPTIONS, "its groups: lines of CODE NAME: LABEL, or the name of a .csv file"),
    nets=(NETS, "groups counted together"),
    range=(ListOf(NUMBER, exactly=2), "of a number: lowest and highest allowed"),
    bands_of=(NAMED, "a number attribute that this one cuts into bands"),
    cuts=(ListOf(NUMBER), "where each band but the first starts"),
    reads=(
        Either(text=TEXT, map=MapOf(NAMED, TEXT, "group")),
        "how a person of the group is called in a sentence: one text with {label} or {short}, or one a group",
    ),
    coarsen=(NAMES, "levels that small groups are merged into, finest first"),
)
INFERENCE: Final = Either(
    text=OneOf(INFERENCES),
    map=record(
        "inference",
        model=must(
            record("model", assume=must(TEXT, "the model in words, printed with every interval")), "the model"
        ),
    ),
)
FRAME: Final = record(
    "frame",
    "The list of people, and what may be kept of it.",
    kind=must(OneOf(("register", "list", "panel", "open")), "what it is"),
    coverage=must(TEXT, "a sentence on whom it covers and whom it leaves out"),
    file=(FILE, "the list, kept out of version control"),
    invited=(COUNT, "how many were invited"),
    key=(COLUMN, "the column that identifies a person"),
    keep=(NAMES, "the only attributes that may stand beside a response"),
)
SAMPLE: Final = record(
    "sample",
    "How those who are invited are drawn from the frame (`topline sample`).",
    size=must(COUNT, "how many are drawn"),
    method=(
        OneOf(("simple", "stratified", "systematic", "pps")),
        "stratified where `by` is given, else simple; systematic sorts the frame by `by`; pps draws groups of"
        " `by` in proportion to their people, then people of them",
    ),
    by=(NAMES, "the kept attributes that make strata, or the one that makes the units of pps"),
    units=(COUNT, "of pps: how many units are drawn"),
    allocation=(
        OneOf(("proportional", "equal", "neyman")),
        "how strata share the sample; proportional unless said",
    ),
    spread=(FILE, "of neyman: CSV with the groups of a stratum and the standard deviation in it"),
    least=(NOT_NEGATIVE, "the least from each stratum; 2 unless said"),
    seed=(NOT_NEGATIVE, "where the draw starts: the same seed draws the same people; 1 unless said"),
)
DERIVED: Final = record(
    "derived variable",
    "A variable worked out from others; checked like a question. One of mean_of, index_of, recode, band,"
    " any_of, all_of, count_of, coded.",
    label=must(TEXT, "its name in tables"),
    mean_of=(ListOf(REFERENCE), "the mean of the scores of these"),
    index_of=(ListOf(REFERENCE), "the same as an index from 0 to 100"),
    score=(NAMED, "which score of the scale; `mean` unless said"),
    at_least=(COUNT, "how many must be answered; else missing"),
    recode=(REFERENCE, "the variable whose answers are grouped anew"),
    band=(REFERENCE, "the number that is cut into bands"),
    any_of=(ListOf(REFERENCE), "whether any of these has the answer"),
    all_of=(ListOf(REFERENCE), "whether all of these have the answer"),
    count_of=(ListOf(REFERENCE), "how many of these have the answer"),
    coded=(
        Scalar("text reference", "an open question, or question.answer.text for the box beside an answer"),
        "the answers in words that coders put into codes: a variable of several answers",
    ),
    coders=(NAMES, "with coded: who codes; the codes of each are in codes/NAME.CODER.csv"),
    into=(NAMED, "with coded: the closed question whose `answer` (other) the texts belong to"),
    answer=(NAMED, "with any_of, all_of, count_of: the answer or net; with into: the answer other"),
    options=(OPTIONS, "with recode, band, any_of, all_of: the new answers; with coded: the code frame"),
    map=(MapOf(NAMED, NAMED, "answer"), "with recode: old answer: new answer"),
    cuts=(ListOf(NUMBER), "with band: where each band but the first starts"),
)
DATA: Final = record(
    "data",
    "Answers collected elsewhere, read through questionnaire.yaml.",
    file=must(FILE, "the file of answers"),
    id=(COLUMN, "the column that identifies a row"),
    weight=(COLUMN, "the column of a finished weight"),
    codes=(
        MapOf(NAMED, Scalar("code", 'a code of the file, as -1 or NA, or "" for an empty cell'), "kind"),
        "how the file writes missing kinds, and `chosen` and `not_chosen` of a multiple response",
    ),
    made_up=(TEXT, "if the answers are made up: the sentence that every page prints"),
)
REPORT: Final = record(
    "report",
    file=must(FILE, "the prose, in Markdown"),
    profile=(OneOf(("plain", "strict")), "which table of phrases is used; plain unless said"),
    decimals=(NOT_NEGATIVE, "places after the point of a percentage; 0 unless said"),
)
PRIVACY: Final = record(
    "privacy",
    "From this the privacy notice is made.",
    FILE,
    controller=must(TEXT, "who decides about the data"),
    processor=(TEXT, "who handles the data for them"),
    lawful_basis=must(TEXT, "the lawful basis"),
    special_category=(TEXT, "the condition for special categories of data, if any is asked"),
    keep_until=must(MapOf(NAMED, DATE, "kind of data"), "retention dates, as frame: 2014-03-31"),
    contact=must(TEXT, "where questions go"),
)
STUDY: Final = record(
    "study.yaml",
    "What the study is, and how its answers become figures.",
    topline=must(OneOf(("1",)), "the version of the study format: 1"),
    id=must(NAMED, "the study's name in files and addresses"),
    title=must(TEXT, "its title"),
    organisation=must(TEXT, "who publishes it"),
    carried_out_by=(TEXT, "who did the fieldwork"),
    commissioned_by=(TEXT, "who paid for it"),
    population=must(TEXT, "whom the results are about"),
    fieldwork=(
        record("fieldwork", **{"from": must(DATE, "first day"), "to": must(DATE, "last day")}),
        "its dates",
    ),
    languages=must(ListOf(LANGUAGE), "the first one is the language of questionnaire.yaml"),
    contact=(
        record("contact", name=must(TEXT, "who"), email=(TEXT, "e-mail"), phone=(TEXT, "telephone")),
        "for questions",
    ),
    licence=(
        record("licence", name=must(TEXT, "its name"), credit=(TEXT, "whom to credit")),
        "of published data",
    ),
    wave=(TEXT, "the name of this wave; earlier ones stand in waves.yaml"),
    inference=must(INFERENCE, "what the figures may say about the population"),
    frame=(FRAME, "the list of people"),
    sample=(SAMPLE, "how those who are invited are drawn from the frame"),
    quotas=(
        MapOf(NAMED, MapOf(NAMED, COUNT, "group"), "attribute"),
        "with `model` inference: how many answers of each group of a kept attribute are wanted; a group"
        " closes at the next ten",
    ),
    attributes=(MapOf(NAMED, ATTRIBUTE, "attribute"), "what is known of people without asking"),
    derive=(MapOf(NAMED, DERIVED, "derived variable"), "variables worked out from others"),
    anonymity=(
        OneOf(("anonymous", "confidential")),
        "what is promised to respondents; anonymous unless said",
    ),
    outcomes=(
        record(
            "outcomes",
            complete=must(WHOLE, "least share of applicable questions answered in a complete one, in %"),
            partial=must(WHOLE, "the same of a partial one"),
        ),
        "which interviews count as complete and partial; 80 and 50 unless said",
    ),
    partials=(OneOf(("use", "discard")), "what becomes of unfinished answers at close; discard unless said"),
    privacy=(PRIVACY, "the file of the privacy notice, or what it is made from"),
    weighting=(WEIGHTING, "how answers are weighted"),
    quality=(QUALITY, "checks of the answers, and who is taken out"),
    analysis=(ANALYSIS, "tables and tests"),
    disclosure=(DISCLOSURE, "what is hidden"),
    report=(REPORT, "the report"),
    data=(DATA, "answers collected elsewhere"),
)
WAVES: Final = record(
    "waves.yaml",
    "Earlier waves and the lineage of questions (SEMANTICS.md section 6).",
    waves=must(
        MapOf(
            Scalar("wave", "the name of a wave"),
            record(
                "wave",
                frozen=(FILE, "the folder of the frozen study of that wave"),
                data=(FILE, "its answers, read through the frozen study"),
                published=(FILE, "instead of answers: CSV of published shares and bases"),
                label=(TEXT, "its name in tables"),
            ),
            "wave",
        ),
        "the earlier waves",
    ),
    questions=must(
        MapOf(
            NAMED,
            Record(
                "question",
                {
                    "status": must(
                        OneOf(("same", "comparable", "flagged", "broken")), "what a comparison is worth"
                    ),
                    "why": Setting(TEXT, "the reason, printed with every trend; needed unless same"),
                },
                open=(Scalar("wave", "the name of a wave"), Scalar("id", "the question's id in that wave")),
                doc="`2012: q7` for each earlier wave that asked it, under its id there.",
            ),
            "question",
        ),
        "for each question that was asked before, where and how",
    ),
    maps=(
        MapOf(NAMED, MapOf(Scalar("wave", "a wave"), MapOf(NAMED, NAMED, "old group"), "wave"), "attribute"),
        "for an attribute: in which group of today each old group is",
    ),
)
