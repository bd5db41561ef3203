"""From a file's columns to a data set: which values are answers, which are missing and of what kind, and
whether a column is a list of answers, a number, a date or text (docs/how-to/bring-your-own-data.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from topline.base import Finding
from topline.dataset.codebook import (
    NO_VALUE,
    UNCLEAR,
    UNKNOWN_LANGUAGE,
    Code,
    Codebook,
    Column,
    Labels,
    ResponseSet,
    Value,
    kind_code,
)
from topline.dataset.data import MOST_NARROW, Codes, Dataset, Floats, Numbers, Texts
from topline.dataset.files.dates import to_days
from topline.dataset.files.raw import MADE_UP_COLUMN, RawColumn, RawFile, RawSet
from topline.dataset.kinds import kind_of_label
from topline.dataset.naming import slug, unique, unnumbered
from topline.dataset.response_sets import set_codes
from topline.dataset.study_of import Inference, study_of

MOST_UNLABELLED: Final = 50  # answers without a label that a labelled column may have and still be a list
MOST_WORDS: Final = 30  # different texts that make a list of answers; more are open text
MOST_POINTS: Final = 11  # whole numbers from 0 that make a scale of answers: 0 to 10
_MOST_LISTED: Final = 60_000
_TABLE: Final = 1 << 16


@dataclass(frozen=True, eq=False)
class _Split:
    """A column taken apart: which rows are answers, and for the others which missing value they hold."""

    index: NDArray[np.uint16]  # (n,) 0 for an answer, else 1 + place in `missing`
    missing: tuple[Value, ...]
    answers: list[float] | list[str]  # the different answers, sorted


def arrange(
    raw: RawFile, name: str, *, language: str = UNKNOWN_LANGUAGE, inference: Inference = "descriptive"
) -> Dataset:
    """Make the data set of a file; `name` is the file's, without its ending."""
    taken = {column.name for column in raw.columns if column.name}  # names that a codebook gives
    made = unique((slug(c.source, "column") for c in raw.columns if not c.name), taken)
    fresh = iter(made)
    names = [column.name or next(fresh) for column in raw.columns]
    by_source = {column.source: new for column, new in zip(raw.columns, names, strict=True)}
    sets = _sets(raw.sets, by_source)
    members = {column for entry in sets for column in entry.columns}
    maker = _Maker()
    columns = tuple(
        maker.column(column, new, new in members, column.source == raw.weight)
        for column, new in zip(raw.columns, names, strict=True)
    )
    columns = tuple(replace(c, asked=c.name not in members and c.source != raw.weight) for c in columns)
    languages = raw.languages or (language,)
    book = Codebook(languages, columns, sets, raw.grids, raw.title, raw.notes, by_source.get(raw.weight, ""))
    findings = list(raw.findings)
    weights = _weights(book.weight, maker, findings) if book.weight else None
    return Dataset(
        study=study_of(book, name, inference),
        n=raw.n,
        columns=maker.columns,
        choices={entry.name: set_codes(entry, book, maker.columns) for entry in sets},
        amounts=maker.amounts,
        texts=maker.texts,
        weights=weights,
        made_up=MADE_UP_COLUMN in by_source,
        book=book,
        origins=maker.origins,
        notes=tuple(findings),
    )


def declare(raw: RawFile, codes: Sequence[float]) -> RawFile:
    """Call these numbers missing in every column that has a label for them."""

    def added(column: RawColumn) -> tuple[float, ...]:
        return tuple(code for code in codes if code in column.value_labels and code not in column.declared)

    columns = (replace(c, declared=(*c.declared, *added(c))) if added(c) else c for c in raw.columns)
    return replace(raw, columns=tuple(columns)) if codes else raw


def _sets(raw: tuple[RawSet, ...], by_source: Mapping[str, str]) -> tuple[ResponseSet, ...]:
    """Sets over columns that are there; their names must not be those of columns."""
    kept = [entry for entry in raw if entry.columns and all(name in by_source for name in entry.columns)]
    names = unique((slug(entry.source, "set") for entry in kept), set(by_source.values()))
    return tuple(
        ResponseSet(
            name,
            entry.source,
            tuple(by_source[column] for column in entry.columns),
            entry.counted,
            entry.labels,
            entry.labelled_by,
            entry.label_of_first,
        )
        for entry, name in zip(kept, names, strict=True)
    )


def _weights(name: str, maker: _Maker, findings: list[Finding]) -> Floats | None:
    """The weights (n,); who has none or a negative one weighs 0, as in SPSS, and a note says how many."""
    if name not in maker.amounts:
        findings.append(Finding("weight-no-number", {"column": name}))
        return None
    values = maker.amounts[name].values
    bad = ~(np.isfinite(values) & (values >= 0))
    if bad.any():
        findings.append(Finding("weight-zeroed", {"column": name, "n": int(bad.sum())}))
    return np.where(bad, 0.0, values)


class _Maker:
    """Makes columns one by one and keeps their arrays."""

    def __init__(self) -> None:
        self.columns: dict[str, Codes] = {}
        self.amounts: dict[str, Numbers] = {}
        self.texts: dict[str, Texts] = {}
        self.origins: dict[str, NDArray[np.uint16]] = {}

    def column(self, raw: RawColumn, name: str, member: bool, weight: bool) -> Column:
        """One column of the codebook; its arrays go where they belong."""
        split = _split_texts(raw) if raw.is_text else _split_numbers(raw)
        self._keep_origins(name, split)
        column = Column(
            name=name,
            source=raw.source,
            kind="text" if raw.is_text else "number",
            storage="text" if raw.is_text else "number",
            labels=raw.labels,
            texts=raw.texts,
            values=_values(split.answers, raw, labelled_only=True),
            missing=split.missing,
            declared=raw.declared,
            measure=raw.measure,
            format=raw.format,
            width=raw.width,
        )
        listed = raw.kind == "codes" if raw.kind else not weight and not raw.dates and _is_list(raw, split)
        if member or listed:
            return self._codes(column, raw, split)
        if raw.is_text:
            return self._text(column, raw, split)
        return self._number(column, raw, split)

    def _keep_origins(self, name: str, split: _Split) -> None:
        kinds = [value.kind for value in split.missing]
        if len(set(kinds)) < len(kinds):
            self.origins[name] = split.index

    def _codes(self, column: Column, raw: RawColumn, split: _Split) -> Column:
        values = _values(split.answers, raw)
        wide = len(values) > MOST_NARROW
        codes = np.zeros(len(raw.values), dtype=np.uint16)
        if raw.is_text:
            order = {value.code: place for place, value in enumerate(values)}
            found = raw.values.replace_strict(
                list(order), list(order.values()), default=0, return_dtype=pl.UInt16
            )
            codes[:] = found.to_numpy()
        elif values:
            codes[:] = _places(_floats(raw), np.array([value.code for value in values], dtype=np.float64))
        codes = np.where(split.index > 0, _kinds(split, wide)[split.index], codes)
        self.columns[column.name] = codes if wide else codes.astype(np.uint8)
        bare = any(not value.labels for value in values)
        scored = bare and not raw.is_text and raw.measure != "nominal"
        return replace(column, kind="codes", values=values, scored=scored)

    def _number(self, column: Column, raw: RawColumn, split: _Split) -> Column:
        values = np.where(split.index > 0, np.nan, _floats(raw))
        days = to_days(values, raw.dates) if raw.dates else None
        kinds = _kinds(split)[split.index].astype(np.uint8)
        self.amounts[column.name] = Numbers(values if days is None else days, kinds)
        return replace(column, kind="number" if days is None else "date")

    def _text(self, column: Column, raw: RawColumn, split: _Split) -> Column:
        texts = ["" if gone else text for text, gone in zip(raw.values, split.index > 0, strict=True)]
        self.texts[column.name] = Texts(tuple(texts), _kinds(split)[split.index].astype(np.uint8))
        return column


def _places(values: Floats, known: Floats) -> NDArray[np.intp]:
    """The place of each value in `known` (n,); anything where it is not there."""
    order = np.argsort(known)
    low, high = known[order[0]], known[order[-1]]
    small = high - low < _TABLE and bool((known == np.floor(known)).all())
    clipped = np.clip(np.nan_to_num(values, nan=low), low, high)
    if not small:
        return np.asarray(order[np.searchsorted(known[order], clipped)])
    table = np.zeros(int(high - low) + 1, dtype=np.intp)
    table[(known - low).astype(np.intp)] = np.arange(len(known))
    return np.asarray(table[(clipped - low).astype(np.intp)])


def _kinds(split: _Split, wide: bool = False) -> NDArray[np.uint16]:
    """The code of each missing value's kind, after a 0 for answers."""
    return np.array([0, *(kind_code(value.kind, wide) for value in split.missing)], dtype=np.uint16)


def _floats(raw: RawColumn) -> Floats:
    return np.array(raw.values.cast(pl.Float64).fill_null(np.nan).to_numpy())


def _split_numbers(raw: RawColumn) -> _Split:
    values = _floats(raw)
    different = np.sort(raw.values.drop_nulls().unique().drop_nans().to_numpy())
    known = np.union1d(different, [code for code in raw.value_labels if isinstance(code, float)])
    known = np.union1d(known, [code for code in raw.declared if isinstance(code, float)])
    known = np.union1d(known, [code for code in raw.kinds if isinstance(code, float)])
    is_missing = _are_missing(known, raw)
    missing: list[Value] = [_missing(float(code), raw) for code in known[is_missing]]
    index = np.zeros(len(values), dtype=np.uint16)
    if missing:
        codes = known[is_missing]
        place = np.minimum(np.searchsorted(codes, np.nan_to_num(values)), len(codes) - 1)
        index = np.where(codes[place] == values, place + 1, 0).astype(np.uint16)
    index = _letters(raw, index, missing)
    nothing = np.isnan(values) & (index == 0)
    if nothing.any():
        missing.append(Value(None, NO_VALUE, kind=NO_VALUE))
        index[nothing] = len(missing)
    kept = np.setdiff1d(different, known[is_missing], assume_unique=True)
    return _Split(index, tuple(missing), kept.tolist())


def _are_missing(known: Floats, raw: RawColumn) -> NDArray[np.bool_]:
    """Which of these numbers the file calls missing (k,), one by one or in a range."""
    singles = [code for code in (*raw.declared, *raw.kinds) if isinstance(code, float)]
    found = np.isin(known, singles)
    for part in raw.declared:
        if isinstance(part, tuple):
            found |= (known >= part[0]) & (known <= part[1])
    return found


def _letters(raw: RawColumn, index: NDArray[np.uint16], missing: list[Value]) -> NDArray[np.uint16]:
    """Give Stata's missing values their places after the others."""
    labelled = {code for code in (*raw.value_labels, *raw.kinds) if isinstance(code, str)}
    used = set(raw.letters.drop_nulls().unique()) if raw.letters is not None else set()
    for letter in sorted(labelled | used):
        missing.append(_missing(letter, raw))
        if raw.letters is not None:
            index[(raw.letters == letter).fill_null(False).to_numpy()] = len(missing)
    return index


def _split_texts(raw: RawColumn) -> _Split:
    different = sorted(raw.values.unique().drop_nulls())
    gone = [code for code in (*raw.declared, *raw.kinds) if isinstance(code, str) and code]
    missing = [_missing(code, raw) for code in dict.fromkeys(gone)]
    if "" in different or raw.values.null_count():
        missing.append(Value("", NO_VALUE, kind=NO_VALUE))
    order = {value.code: place for place, value in enumerate(missing, start=1)}
    filled = raw.values.fill_null("")
    index = (
        filled.replace_strict(list(order), list(order.values()), default=0, return_dtype=pl.UInt16)
        if order
        else pl.zeros(len(filled), dtype=pl.UInt16, eager=True)
    )
    answers = [text for text in different if text not in order]
    return _Split(np.array(index.to_numpy()), tuple(missing), answers)


def _missing(code: Code, raw: RawColumn) -> Value:
    """A value that the file calls missing; its kind is what its label says, where that is clear."""
    labels = raw.value_labels.get(code, {}) if code is not None else {}
    if code is not None and code in raw.kinds:
        kind, in_base = raw.kinds[code]
        return Value(code, kind, labels, kind, in_base)
    kinds = [kind for label in labels.values() if (kind := kind_of_label(label)) != UNCLEAR]
    kind = kinds[0] if kinds else UNCLEAR
    return Value(code, kind, labels, kind)


def _values(
    answers: list[float] | list[str], raw: RawColumn, *, labelled_only: bool = False
) -> tuple[Value, ...]:
    """The answers of a list: those seen and those with a label, in the order of the label list or by code."""
    labelled = {code: labels for code, labels in raw.value_labels.items() if not _is_missing(code, raw)}
    seen: list[float | str] = [] if labelled_only else list(answers)
    codes = list(labelled)
    if set(seen) - set(codes):
        codes = sorted({*labelled, *seen}, key=lambda code: (isinstance(code, str), code))
    labels = [labelled.get(code, {}) for code in codes]
    names = unique(
        raw.names.get(code) or _answer_name(code, label) for code, label in zip(codes, labels, strict=True)
    )
    return tuple(Value(*parts) for parts in zip(codes, names, labels, strict=True))


def _is_missing(code: float | str, raw: RawColumn) -> bool:
    """Whether the file calls this value missing; "" of texts and the letters of Stata always are."""
    if isinstance(code, str):
        return code in raw.declared or code in raw.kinds or not raw.is_text or code == ""
    if code in raw.kinds:
        return True
    ranges = (part for part in raw.declared if isinstance(part, tuple))
    return code in raw.declared or any(low <= code <= high for low, high in ranges)


def _answer_name(code: float | str, labels: Labels) -> str:
    written = f"{code:g}".replace("-", "minus_").replace(".", "_") if isinstance(code, float) else code
    label = next(iter(labels.values()), "")
    return slug(unnumbered(label), f"v{slug(written, 'other')}") if label else slug(written, "other")


def _is_list(raw: RawColumn, split: _Split) -> bool:
    """Whether a column holds answers of a list; else it is a number or open text."""
    answers = split.answers
    if len(answers) > _MOST_LISTED:
        return False
    labelled = {value.code for value in _values([], raw, labelled_only=True)}
    bare = [code for code in answers if code not in labelled]
    if len(labelled) + len(bare) > _MOST_LISTED:
        return False
    if labelled:
        whole = all(isinstance(code, str) or code.is_integer() for code in bare)
        return not bare or (raw.measure != "scale" and whole and len(bare) <= MOST_UNLABELLED)
    n = int((split.index == 0).sum())
    if raw.is_text:
        return 0 < len(bare) <= MOST_WORDS and 2 * len(bare) <= n
    numbers = [code for code in bare if isinstance(code, float) and code.is_integer()]
    if not bare or len(numbers) < len(bare) or raw.measure == "scale":
        return False
    if raw.measure in ("nominal", "ordinal"):
        return len(bare) <= MOST_NARROW and 2 * len(bare) <= n
    return min(numbers) >= 0 and max(numbers) < MOST_POINTS and len(bare) < n
