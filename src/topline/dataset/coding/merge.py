"""What coders agree on, and what somebody has to decide."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO

from topline.base.formulas import guarded
from topline.dataset.coding.files import Codes, Sheet, in_order
from topline.dataset.coding.task import Task


@dataclass(frozen=True)
class Merged:
    """The codes of each answer after merging: `agreed` by all who coded it, `decided` by hand before.

    `left` are the keys on which coders differ and nobody has decided, or that too few have coded.
    """

    agreed: Mapping[str, Codes]
    decided: Mapping[str, Codes]
    left: tuple[str, ...]


def merge(texts: Mapping[str, str], coders: Mapping[str, Sheet], held: Sheet) -> Merged:
    """Take what all coders give alike; keep what was decided by hand in the file of what is agreed (`held`).

    With one coder, that coder's codes are taken. An answer that a coder has not coded yet is left.
    """
    agreed: dict[str, Codes] = {}
    decided: dict[str, Codes] = {}
    left = []
    for key in texts:
        given = [sheet.codes.get(key, frozenset()) for sheet in coders.values()]
        if given and given[0] and all(codes == given[0] for codes in given):
            agreed[key] = given[0]
        elif codes := held.codes.get(key):
            decided[key] = codes
        else:
            left.append(key)
    return Merged(agreed, decided, tuple(left))


def merged_csv(
    task: Task, texts: Mapping[str, str], coders: Mapping[str, Sheet], held: Sheet, merged: Merged
) -> str:
    """The file of what is agreed: answers to decide first, with what each coder gave beside them."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["key", "text", "codes", "note", *coders])
    first = set(merged.left)
    for key in sorted(texts, key=lambda key: (key not in first, key)):
        codes = merged.agreed.get(key) or merged.decided.get(key) or frozenset()
        beside = [in_order(task, sheet.codes.get(key, frozenset())) for sheet in coders.values()]
        cells = [guarded(texts[key]), in_order(task, codes), guarded(held.notes.get(key, ""))]
        writer.writerow([key, *cells, *beside])
    return out.getvalue()
