"""Speed: who answered in much less time than the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from topline.base import half_up
from topline.base.words import words
from topline.dataset.data import Dataset
from topline.dataset.filter import filter_rows
from topline.dataset.quality.flags import Flag
from topline.dataset.quality.rules import QualityRules


@dataclass(frozen=True, eq=False)
class Speed:
    """The flag with what it was measured against: median and limit in the unit of the durations.

    Both are None where the data hold a yes or no in place of durations, as own fieldwork does.
    """

    flag: Flag
    median: float | None = None
    limit: float | None = None


def speed(data: Dataset, rules: QualityRules) -> Speed | None:
    """Flag who was too fast; None where neither durations nor a yes or no are declared.

    With durations the limit is `rules.share` of their median over everybody who has one above 0; a duration
    below it is flagged, one equal to it is not. A limit relative to the median keeps its meaning from one
    questionnaire to the next (D. J. Leiner 2019, Too fast, too straight, too weird, Survey Research Methods
    13(3), 229-248; R. Greszki, M. Meyer, H. Schoen 2015, Exploring the effects of removing “too fast”
    responses, Public Opinion Quarterly 79(2), 471-503, use shares of the median too).
    """
    if rules.too_fast is not None:
        masks = filter_rows(rules.too_fast, data, data.study)
        rule = words("quality-speed-said", where=rules.too_fast.text)
        return Speed(Flag("speed", words("quality-speed"), rule, masks.true, masks.true | masks.false))
    if not rules.seconds:
        return None
    values = data.numbers(rules.seconds).values
    judged = np.isfinite(values) & (values > 0)
    if not judged.any():
        return Speed(Flag("speed", words("quality-speed"), words("quality-speed-none"), judged, judged))
    median = float(np.median(values[judged]))
    limit = rules.share * median
    people = judged & (np.where(judged, values, np.inf) < limit)
    rule = words(
        "quality-speed-rule",
        name=rules.seconds,
        limit=half_up(limit, 1),
        share=f"{rules.share:g}",
        median=half_up(median, 1),
    )
    return Speed(Flag("speed", words("quality-speed"), rule, people, judged), median, limit)
