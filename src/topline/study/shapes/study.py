"""The shape of study.yaml (FORMAT.md section 1, SEMANTICS.md sections 3, 4 and 8)."""

from __future__ import annotations

from typing import Final

from topline.study.shapes.engine import (
    COUNT,
    DATE,
    EXPRESSION,
    FILE,
    FLAG,
    NAMED,
    NOT_NEGATIVE,
    NUMBER,
    REFERENCE,
    TEXT,
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
from topline.study.shapes.fieldwork import QUOTAS, QUOTAS_DOC, SAMPLE
from topline.study.shapes.questionnaire import NAMES, NETS, OPTIONS

INFERENCES: Final = ("descriptive", "design", "census-nonresponse", "model")
COLUMN: Final = Scalar("column", "the name of a column")
LANGUAGE: Final = Scalar("language", "a language tag, as en or cy or en-US")
MEASURE: Final = Scalar("measure", "a measure, as skills=agree")

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
TARGETS: Final = MapOf(NAMED, FILE, "target")
_WEIGHTING: Final[dict[str, Setting]] = {
    "use": Setting(COLUMN, "a finished weight that comes with the answers"),
    "adjust": Setting(OneOf(("none", "post_stratify", "rake", "calibrate")), "how weights are made"),
    "targets": Setting(
        TARGETS,
        "a CSV file of population counts for each variable (columns id, population) or crossing (a column for"
        " each variable, population), under the variable's name or one of your own",
    ),
    "nonresponse": Setting(
        MapOf(NAMED, FILE, "class"),
        "a CSV file of the people invited and replied in each class of a variable (columns id, invited,"
        " replied) or crossing; respondents stand for those invited in their class",
    ),
    "missing": Setting(
        MapOf(NAMED, NAMED, "variable"),
        "the group that people without an answer to a variable are counted with; a row `missing` in its"
        " target makes them a class of their own",
    ),
    "scale_to": Setting(NAMED, "the target whose total the others are scaled to, where they disagree"),
    "distance": Setting(
        OneOf(("linear", "raking", "logit")), "of calibrate: linear unless said; raking keeps weights above 0"
    ),
    "bounds": Setting(
        ListOf(NUMBER, exactly=2), "of calibrate: the least and the most that a weight is multiplied by"
    ),
    "trim": Setting(
        record(
            "trim",
            max=must(NUMBER, "the largest weight, as a multiple of the mean; above 1"),
            rerake=(FLAG, "weight again until the targets hold under the limit; true unless said"),
        ),
        "cuts large weights",
    ),
    "why": Setting(TEXT, "the reason, printed for readers"),
}
WEIGHTING: Final = Record(
    "weighting",
    {
        **_WEIGHTING,
        "beside": Setting(
            Record("beside", _WEIGHTING), "a second weighting, shown beside the first in tables"
        ),
    },
    doc="How answers are weighted. `use` or `adjust`, one of them; `nonresponse` alone or before `adjust`.",
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
_TEST: Final = record(
    "compare",
    test=must(OneOf(("against_rest", "pairs")), "each group against the rest, or against each other"),
    level=(NUMBER, "the level of the test; 0.05 unless said"),
    adjust=(OneOf(("none", "holm", "bh")), "correction for many comparisons"),
)
ANALYSIS: Final = record(
    "analysis",
    "The tables and tests that the study wants.",
    design=(
        record(
            "design",
            kind=(OneOf(("unclustered", "stratified", "clustered")), "what the sample is"),
            strata=(COLUMN, "the column or attribute of strata"),
            clusters=(NAMED, "the attribute that numbers primary sampling units, each in one stratum"),
            population=(FILE, "CSV of population counts by stratum: of people, or with clusters of clusters"),
            clusters_in_all=(COUNT, "without strata: how many clusters there are to draw from"),
            second=(
                record(
                    "second",
                    units=must(NAMED, "the attribute that numbers what was drawn within clusters"),
                    of=must(NAMED, "the number attribute that says how many units the cluster has"),
                ),
                "the second stage; needs a population count of clusters",
            ),
            lonely=(
                OneOf(("refuse", "adjust", "average", "remove", "certainty")),
                "what a stratum with one unit counts for, as R's survey.lonely.psu; refuse unless said",
            ),
            replicates=(
                record(
                    "replicates",
                    weights=must(ListOf(NAMED), "the number attributes that hold replicate weights"),
                    method=must(OneOf(("JK1", "JKn", "BRR", "Fay", "bootstrap")), "how they were drawn"),
                    scale=(NUMBER, "what the sum of squares is multiplied by; from the method unless said"),
                    rscales=(ListOf(NUMBER), "a factor for each replicate; JKn needs them"),
                    rho=(NUMBER, "of Fay's method"),
                    mse=(FLAG, "compare with the full estimate, not with the mean of the replicates"),
                ),
                "replicate weights in place of strata and clusters",
            ),
        ),
        "the sampling design, for `design` and `model` inference",
    ),
    tabulate=(
        MapOf(NAMED, OneOf(("frame", "asked")), "attribute"),
        "which source tabulates, where both have it",
    ),
    banner=(ListOf(REFERENCE), "the variables across the top of every table"),
    compare=(_TEST, "the tests in tables"),
    low_base=(
        OneOf(("market", "census-pack", "nchs")),
        "which figures of small groups are given and which are marked; market unless said",
    ),
    sets=(
        MapOf(NAMED, ListOf(MEASURE), "set"),
        "named lists of measures, for “how many of the ...” sentences",
    ),
    tables=(
        record(
            "tables",
            default=(
                record(
                    "default",
                    rows=(OneOf(("all",)), "all questions"),
                    banner=(OneOf(("default",)), "as above"),
                ),
                "what is tabulated",
            ),
            skip=(NAMES, "questions without a table"),
        ),
        "which tables are made",
    ),
)
QUALITY: Final = record(
    "quality",
    "What is flagged in the answers, and which flags take people out. A flag alone takes nobody out.",
    speed=(
        record(
            "speed",
            seconds=(REFERENCE, "the number attribute or question that holds durations"),
            share=(NUMBER, "below this share of the median duration is too fast; 0.4 unless said"),
            where=(EXPRESSION, "in place of durations: of whom it was noted, as fast = yes"),
        ),
        "who answered very fast: the flag `speed`",
    ),
    straight_lining=(
        record(
            "straight_lining",
            rows=(COUNT, "a grid is judged from so many answered rows up; 3 unless said"),
            share=(NUMBER, "flagged are people with this share of straight grids or more; 0.5 unless said"),
        ),
        "who gave one answer down whole grids: the flag `straight_lining`",
    ),
    unanswered=(
        record(
            "unanswered",
            share=must(NUMBER, "flagged is who left over this share of what was asked; 0.5 unless said"),
        ),
        "who left much without an answer: the flag `unanswered`",
    ),
    duplicates=(
        record(
            "duplicates",
            match=(NUMBER, "flagged are people alike on this share of questions; 0.95 unless said"),
            questions=(COUNT, "not looked for with fewer questions put to everybody; 20 unless said"),
        ),
        "whose answers are those of somebody else: the flag `duplicate`",
    ),
    contradictions=(
        MapOf(
            NAMED,
            record(
                "contradiction",
                label=must(TEXT, "what cannot be true, in words"),
                where=must(EXPRESSION, "the answers that contradict each other"),
            ),
            "contradiction",
        ),
        "answers that cannot all be true; each is a flag under its name",
    ),
    figures=(ListOf(MEASURE), "key figures, printed with and without the flagged"),
    exclude=(
        MapOf(
            NAMED,
            record(
                "rule",
                flags=must(NAMES, "taken out is who has all of these flags"),
                why=must(TEXT, "the reason, printed with the count"),
            ),
            "rule",
        ),
        "rules that take people out of all figures; declare them before the survey closes",
    ),
)
DISCLOSURE: Final = record(
    "disclosure",
    "What is hidden so that nobody is exposed.",
    group_minimum=(COUNT, "the smallest group whose figures are shown; 10 unless said"),
    comments_minimum=(COUNT, "the smallest group whose words are quoted; 30 unless said"),
    round_bases_to=(COUNT, "published bases are rounded to this"),
    never_cross=(ListOf(NAMES), "attributes that are never tabulated against each other"),
    why=(TEXT, "the reason, printed for readers"),
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
    quotas=(QUOTAS, QUOTAS_DOC),
    attributes=(MapOf(NAMED, ATTRIBUTE, "attribute"), "what is known of people without asking"),
    derive=(MapOf(NAMED, DERIVED, "derived variable"), "variables worked out from others"),
    anonymity=(
        OneOf(("anonymous", "confidential")),
        "what is promised to respondents; anonymous unless said",
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
