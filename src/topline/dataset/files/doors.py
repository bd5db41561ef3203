"""Read any data file, write any: by the ending of its name, with one clear error where that cannot be."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from topline.base import Finding, Mark, fail
from topline.dataset.codebook import UNKNOWN_LANGUAGE
from topline.dataset.data import Dataset
from topline.dataset.files.arrive import arrange, declare
from topline.dataset.files.bad import FORMATS, explained, looked_at
from topline.dataset.files.raw import RawFile
from topline.dataset.study_of import Inference

READS: Final = (".sav", ".zsav", ".por", ".dta", ".parquet", ".csv")
WRITES: Final = (".sav", ".zsav", ".dta", ".parquet", ".csv")


def read(
    path: str | Path,
    *,
    codebook: str | Path | None = None,
    language: str = UNKNOWN_LANGUAGE,
    inference: Inference = "descriptive",
    missing: Iterable[float] = (),
) -> Dataset:
    """Read a data file that comes without a study: SPSS, Stata, Parquet or CSV, by the ending of its name.

    `path` ends in .sav, .zsav, .por, .dta, .parquet or .csv. `codebook` is that of a CSV file; unless it is
    given, the one beside the file (`answers.codebook.csv`) is taken if there is one. `language` is that of
    the labels, where the file does not say. `inference` says what may be concluded from these people:
    `descriptive` (of them alone) unless somebody knows more. `missing` are numbers that the file forgot to
    call missing, in every column that has a label for them. Raises ToplineError where the file is missing,
    empty, damaged, or not what its ending says.
    """
    path = Path(path)
    ending = looked_at(path, READS)
    if codebook and ending != ".csv":
        fail("codebook-not-here", Mark(str(path)), file=path.name)
    missing = [float(code) for code in missing]
    with explained(path, ending):
        if ending == ".parquet":
            from topline.dataset.files.parquet import own_head, read_own

            if head := own_head(path):
                if missing:
                    fail("missing-not-here", Mark(str(path)), file=path.name)
                return read_own(path, head)
        raw = _raw(path, ending, language, Path(codebook) if codebook else None)
    raw = declare(raw, missing)
    if not raw.columns:
        fail("data-no-columns", Mark(str(path)))
    if not raw.n:
        fail("no_rows", Mark(str(path)))
    return arrange(raw, path.stem, language=language, inference=inference)


def _raw(path: Path, ending: str, language: str, codebook: Path | None) -> RawFile:
    """Read the file by its format; each one's library is loaded only when it is needed."""
    if ending == ".csv":
        from topline.dataset.files.plain_csv import read_plain_csv

        return read_plain_csv(path, language, codebook)
    if ending == ".parquet":
        import polars as pl

        from topline.dataset.files.frame import raw_of_frame

        return raw_of_frame(pl.read_parquet(path), language)
    if ending == ".dta":
        from topline.dataset.files.dta import read_dta

        return read_dta(path, language)
    from topline.dataset.files.sav import read_por, read_sav

    return read_por(path, language) if ending == ".por" else read_sav(path, language)


def write(data: Dataset, path: str | Path) -> tuple[Finding, ...]:
    """Write `data` by the ending of `path`; gives notes on what that format could not take.

    Endings are .sav, .zsav, .dta, .parquet and .csv. A .csv file gets its codebook beside it,
    `answers.codebook.csv`. Raises ToplineError for an ending that Topline does not write, and where the place
    cannot be written to.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in WRITES:
        fail("data-writes", Mark(str(path)), ending=ending or "no ending", endings=", ".join(WRITES))
    with _writing(path, FORMATS[ending]) as made:
        if ending == ".parquet":
            from topline.dataset.files.parquet import write_parquet

            return write_parquet(data, made)
        if ending == ".csv":
            from topline.dataset.files.codebook_csv import codebook_path
            from topline.dataset.files.plain_csv import write_plain_csv

            return write_plain_csv(data, made, codebook_path(path))
        if ending == ".dta":
            from topline.dataset.files.dta import write_dta

            return write_dta(data, made)
        from topline.dataset.files.sav import write_sav

        return write_sav(data, made, compress=ending == ".zsav")


@contextmanager
def _writing(path: Path, format: str) -> Iterator[Path]:
    """A path to write to, moved to its place when all went well: nobody sees half a file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    except OSError as error:
        fail("file-unwritable", Mark(str(path)), why=error.strerror or str(error))
    try:
        yield folder / path.name
        os.replace(folder / path.name, path)
    except OSError as error:
        fail("file-unwritable", Mark(str(path)), why=error.strerror or str(error))
    except Exception as error:
        if not type(error).__module__.startswith("pyreadstat"):
            raise
        fail("data-unwritable", Mark(str(path)), format=format, reason=str(error).rstrip("."))
    finally:
        for left in folder.iterdir():
            left.unlink()
        folder.rmdir()
