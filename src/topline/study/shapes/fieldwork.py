"""The shapes of `sample:` and `quotas:` in study.yaml: who is invited, and how many answers are wanted."""

from __future__ import annotations

from typing import Final

from topline.study.shapes.engine import COUNT, FILE, NAMED, NOT_NEGATIVE, MapOf, OneOf, must, record
from topline.study.shapes.questionnaire import NAMES

SAMPLE: Final = record(
    "sample",
    "How those who are invited are drawn from the frame (`topline sample`).",
    size=must(COUNT, "how many are drawn"),
    method=(
        OneOf(("simple", "stratified", "systematic")),
        "stratified where `by` is given, else simple; systematic sorts the frame by `by`",
    ),
    by=(NAMES, "the kept attributes that make strata"),
    allocation=(
        OneOf(("proportional", "equal", "neyman")),
        "how strata share the sample; proportional unless said",
    ),
    spread=(FILE, "of neyman: CSV with the groups of a stratum and the standard deviation in it"),
    least=(NOT_NEGATIVE, "the least from each stratum; 2 unless said"),
    seed=(NOT_NEGATIVE, "where the draw starts: the same seed draws the same people; 1 unless said"),
)
QUOTAS: Final = MapOf(NAMED, MapOf(NAMED, COUNT, "group"), "attribute")
QUOTAS_DOC: Final = (
    "with `model` inference: how many answers of each group of a kept attribute are wanted; a group closes at"
    " the next ten"
)
