"""Random files: what the formats promise to keep, they keep."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dataset.files.made import same

from topline.dataset import Dataset, read, write
from topline.dataset.files.arrive import arrange
from topline.dataset.files.raw import RawColumn, RawFile, RawSet

#: Texts that SPSS can hold: it takes blanks at the end for nothing, and NUL ends a text.
TEXTS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)
NUMBERS = st.floats(-1e15, 1e15, allow_nan=False, allow_subnormal=False).map(lambda x: x + 0.0)
CODES = st.integers(-20, 120).map(float)
LABELS = TEXTS.map(lambda text: {"und": text})


@st.composite
def number_columns(draw: st.DrawFn, name: str, n: int) -> RawColumn:
    """Numbers or codes with labels, and up to three declared values or a range and one."""
    pool = draw(st.lists(draw(st.sampled_from([CODES, NUMBERS])), min_size=1, max_size=12, unique=True))
    values = draw(st.lists(st.sampled_from([*pool, None]), min_size=n, max_size=n))
    labelled = draw(st.lists(st.sampled_from(pool), unique=True))
    declared: list[float | tuple[float, float]] = list(
        draw(st.lists(st.sampled_from(pool), unique=True, max_size=3))
    )
    if len(declared) >= 2 and draw(st.booleans()):
        low, high, *rest = sorted(declared)  # type: ignore[type-var]
        declared = [(low, high), *rest]  # type: ignore[list-item]
    return RawColumn(
        name,
        pl.Series(name, values, dtype=pl.Float64),
        labels=draw(st.one_of(st.just({}), LABELS)),
        value_labels={code: draw(LABELS) for code in labelled},
        declared=tuple(declared),
        measure=draw(st.sampled_from(["nominal", "ordinal", "scale", "unknown"])),
        format="F8.2",
        width=8,
    )


@st.composite
def text_columns(draw: st.DrawFn, name: str, n: int) -> RawColumn:
    """Texts, a few of them with labels or declared missing (these have at most 8 bytes)."""
    pool = draw(st.lists(TEXTS, min_size=1, max_size=6, unique=True))
    values = draw(st.lists(st.sampled_from([*pool, ""]), min_size=n, max_size=n))
    short = [text for text in pool if len(text.encode()) <= 8]
    declared = draw(st.lists(st.sampled_from(short), unique=True, max_size=3)) if short else []
    width = max(len(text.encode()) for text in pool)
    return RawColumn(
        name,
        pl.Series(name, values, dtype=pl.String),
        value_labels={text: draw(LABELS) for text in draw(st.lists(st.sampled_from(pool), unique=True))},
        declared=tuple(declared),
        measure="nominal",
        format=f"A{width}",
        width=8,
    )


@st.composite
def date_columns(draw: st.DrawFn, name: str, n: int) -> RawColumn:
    """Days of the calendar that SPSS counts, in seconds."""
    days = st.integers(1, 3_000_000).map(lambda day: day * 86400.0)
    values = draw(st.lists(st.one_of(days, st.none()), min_size=n, max_size=n))
    series = pl.Series(name, values, dtype=pl.Float64)
    return RawColumn(name, series, measure="scale", format="SDATE10", width=10, dates="spss")


@st.composite
def data_sets(draw: st.DrawFn) -> Dataset:
    """A data set of up to 12 people and 6 columns, perhaps with a response set, a title and notes."""
    n = draw(st.integers(1, 12))
    kinds = draw(
        st.lists(st.sampled_from([number_columns, text_columns, date_columns]), min_size=1, max_size=6)
    )
    columns = [draw(kind(f"Column_{place}", n)) for place, kind in enumerate(kinds)]
    members = [c for c, kind in zip(columns, kinds, strict=True) if kind is number_columns]
    counted = draw(st.one_of(st.none(), CODES))
    entry = RawSet("$set", tuple(c.source for c in members), counted, draw(LABELS))
    sets = (entry,) if len(members) > 1 and draw(st.booleans()) else ()
    title = draw(st.one_of(st.just(""), TEXTS.filter(lambda text: len(text.encode()) <= 64)))
    return arrange(RawFile(n, tuple(columns), sets, title=title, notes=("A note",)), "made")


def again(data: Dataset, ending: str) -> Dataset:
    """The data set through a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"made{ending}"
        assert write(data, path) == ()
        return read(path)


@settings(deadline=None, max_examples=100)
@given(data_sets())
def test_parquet_is_the_identity(data: Dataset) -> None:
    """Whatever can be in a data set comes back from Parquet, and the same study is made of it."""
    found = again(data, ".parquet")
    assert same(data, found) == []
    assert found.data_hash == replace(data, study=found.study).data_hash
    assert found.study.variables == data.study.variables


@settings(deadline=None, max_examples=100)
@given(data_sets())
def test_sav_is_the_identity(data: Dataset) -> None:
    """Within what SPSS can say (see TEXTS, and three declared values) a .sav file gives the same data set."""
    assert same(data, again(data, ".sav")) == []


@settings(deadline=None, max_examples=60)
@given(data_sets())
def test_csv_with_its_codebook_keeps_answers_and_labels(data: Dataset) -> None:
    """CSV with its codebook gives the same answers and labels, of every kind of column."""
    assert same(data, again(data, ".csv")) == []
