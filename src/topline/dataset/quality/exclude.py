"""Who the declared rules take out, and how many that is: the file itself is never edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from topline.base import fail
from topline.dataset.data import Dataset, Numbers, Texts
from topline.dataset.excluded import Excluded
from topline.dataset.quality.flags import Flag, Mask
from topline.dataset.quality.rules import Exclusion


def exclude(
    flags: Mapping[str, Flag], exclusions: Sequence[Exclusion], n: int
) -> tuple[Mask, tuple[Excluded, ...]]:
    """The people whom the rules take out (n,), and what each rule takes out; all its flags must hold."""
    masks = []
    for rule in exclusions:
        for name in rule.flags:
            if name not in flags:
                fail("quality-flag-off", name=rule.name, flag=name, flags=", ".join(flags) or "none")
        masks.append(np.logical_and.reduce([flags[name].people for name in rule.flags]))
    if not masks:
        return np.zeros(n, dtype=bool), ()
    times = np.sum(masks, axis=0)
    said = tuple(
        Excluded(rule.name, rule.why, int(mask.sum()), int((mask & (times == 1)).sum()))
        for rule, mask in zip(exclusions, masks, strict=True)
    )
    return np.asarray(times > 0), said


def without(data: Dataset, people: Mask) -> Dataset:
    """The data without these people; the others keep their order. Everything else stays as it is."""
    kept = ~people
    return replace(
        data,
        n=int(kept.sum()),
        columns={name: codes[kept] for name, codes in data.columns.items()},
        choices={
            name: {option: codes[kept] for option, codes in options.items()}
            for name, options in data.choices.items()
        },
        amounts={
            name: Numbers(numbers.values[kept], numbers.kinds[kept]) for name, numbers in data.amounts.items()
        },
        texts={
            name: Texts(tuple(np.array(texts.values, dtype=object)[kept]), texts.kinds[kept])
            for name, texts in data.texts.items()
        },
        weights=None if data.weights is None else data.weights[kept],
        origins={name: places[kept] for name, places in data.origins.items()},
    )
