"""Topline's own format: Parquet with the columns as small codes, and the codebook (and the study, where there
is one) in its metadata. Reading it back is the identity. Parquet from elsewhere is read as plain columns.

Columns: a coded variable under its name; an option of a multiple response as `name.option`; numbers, dates
and texts under their name, with `name kind` where some are missing; `name origin` tells missing values of
one kind apart; ` weight` is the weight.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import polars as pl

from topline.base import Finding, Mark, ToplineError, fail
from topline.dataset.codebook import Codebook
from topline.dataset.codebook_of import codebook_of
from topline.dataset.data import Dataset, Numbers, Texts
from topline.dataset.files.codebook_json import codebook_from_json, codebook_to_json
from topline.dataset.response_sets import set_codes
from topline.dataset.study_of import study_of
from topline.study import Study, load
from topline.study.same import same_study
from topline.study.write import write_questionnaire, write_study

KEY: Final = "topline"
VERSION: Final = 1
_KIND, _ORIGIN, _WEIGHT = " kind", " origin", " weight"


def write_parquet(data: Dataset, path: Path) -> tuple[Finding, ...]:
    """Write a data set to a path of our own; nothing is left out, so there is nothing to note."""
    frame = pl.DataFrame(list(_series(data)))
    head = {
        "version": VERSION,
        "n": data.n,
        "study": data.study.id,
        "inference": data.study.inference,
        "made_up": data.made_up,
        "columns": list(data.columns),
        "choices": {} if _is_bare(data) else {name: list(found) for name, found in data.choices.items()},
        "amounts": list(data.amounts),
        "texts": list(data.texts),
        "codebook": codebook_to_json(codebook_of(data)),
        "files": {} if _is_bare(data) else _files(data.study),
    }
    frame.write_parquet(path, metadata={KEY: json.dumps(head, ensure_ascii=False)}, statistics=False)
    return ()


def own_head(path: Path) -> Mapping[str, Any] | None:
    """What Topline wrote about the file; None for Parquet from elsewhere."""
    found = pl.read_parquet_metadata(path).get(KEY)
    if found is None:
        return None
    head: Mapping[str, Any] = json.loads(found)
    if head["version"] > VERSION:
        fail("parquet-newer", Mark(str(path)), version=head["version"], own=VERSION)
    return head


def read_own(path: Path, head: Mapping[str, Any]) -> Dataset:
    """Read a file that `write_parquet` wrote."""
    frame = pl.read_parquet(path)
    arrays = {series.name: series.to_numpy() for series in frame if series.dtype != pl.String}
    book = codebook_from_json(head["codebook"])
    none = np.zeros(head["n"], dtype=np.uint8)
    columns = {name: arrays[name] for name in head["columns"]}
    return Dataset(
        study=_study(head, book, path),
        n=head["n"],
        columns=columns,
        choices=_choices(head, book, arrays, columns),
        amounts={name: Numbers(arrays[name], arrays.get(name + _KIND, none)) for name in head["amounts"]},
        texts={name: Texts(tuple(frame[name]), arrays.get(name + _KIND, none)) for name in head["texts"]},
        weights=arrays.get(_WEIGHT),
        made_up=head["made_up"],
        book=book,
        origins={
            name.removesuffix(_ORIGIN): found for name, found in arrays.items() if name.endswith(_ORIGIN)
        },
    )


def _is_bare(data: Dataset) -> bool:
    """Whether the study is only what the codebook says: then the codebook is enough."""
    return data.book is not None and not data.study.settings


def _series(data: Dataset) -> Iterator[pl.Series]:
    for name, codes in data.columns.items():
        yield pl.Series(name, codes)
    if not _is_bare(data):
        for name, options in data.choices.items():
            yield from (pl.Series(f"{name}.{option}", codes) for option, codes in options.items())
    for name, numbers in data.amounts.items():
        yield pl.Series(name, numbers.values)
        if numbers.kinds.any():
            yield pl.Series(name + _KIND, numbers.kinds)
    for name, texts in data.texts.items():
        yield pl.Series(name, texts.values, dtype=pl.String)
        if texts.kinds.any():
            yield pl.Series(name + _KIND, texts.kinds)
    for name, origins in data.origins.items():
        yield pl.Series(name + _ORIGIN, origins)
    if data.weights is not None:
        yield pl.Series(_WEIGHT, data.weights)


def _files(study: Study) -> dict[str, str]:
    """The study's own files as text, so that the data can be read where its folder is not.

    Raises ToplineError for a study with parts that its files cannot say.
    """
    files = {"study.yaml": write_study(study), "questionnaire.yaml": write_questionnaire(study.questionnaire)}
    folder = Path(study.folder) / "translations"
    files |= {
        f"translations/{language}.po": (folder / f"{language}.po").read_text("utf-8")
        for language in study.languages
        if study.folder and (folder / f"{language}.po").is_file()
    }
    if not same_study(_loaded(files, study.folder), study):
        fail("study-not-sayable", study=study.id)
    return files


def _loaded(files: Mapping[str, str], folder: str) -> Study:
    """The study of such files, as if they lay in that folder."""
    with TemporaryDirectory() as made:
        for name, text in files.items():
            file = Path(made) / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8", newline="\n")
        found = load(made)
    if found.study is None:
        raise ToplineError(found.findings)
    return replace(found.study, folder=folder)


def _study(head: Mapping[str, Any], book: Codebook, path: Path) -> Study:
    if not head["files"]:
        return study_of(book, head["study"], head["inference"])
    return _loaded(head["files"], str(path.parent))


def _choices(
    head: Mapping[str, Any], book: Codebook, arrays: Mapping[str, Any], columns: Mapping[str, Any]
) -> dict[str, Mapping[str, Any]]:
    if head["files"]:
        return {
            name: {option: arrays[f"{name}.{option}"] for option in options}
            for name, options in head["choices"].items()
        }
    return {entry.name: set_codes(entry, book, columns) for entry in book.sets}
