"""The shapes of what study.yaml says of figures: weighting, analysis, quality, disclosure."""

from __future__ import annotations

from typing import Final

from topline.study.shapes.engine import (
    COUNT,
    EXPRESSION,
    FILE,
    FLAG,
    NAMED,
    NUMBER,
    REFERENCE,
    TEXT,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Scalar,
    Setting,
    must,
    record,
)
from topline.study.shapes.questionnaire import NAMES

COLUMN: Final = Scalar("column", "the name of a column")
MEASURE: Final = Scalar("measure", "a measure, as skills=agree")

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
