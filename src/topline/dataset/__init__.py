"""Answers as typed columns: the layout, readers and writers, derived variables, conditions over arrays."""

from collections.abc import Mapping
from pathlib import Path

from topline.base.words import words
from topline.dataset.codebook import Codebook
from topline.dataset.codebook_of import codebook_of
from topline.dataset.data import (
    FIRST_MISSING,
    Codes,
    Dataset,
    Floats,
    Numbers,
    Texts,
    first_missing,
    missing_code,
)
from topline.dataset.files import read, write
from topline.dataset.foreign import read_csv
from topline.dataset.plain import MADE_UP, read_responses, write_responses
from topline.study.model import Study

__all__ = [
    "FIRST_MISSING",
    "MADE_UP",
    "Codebook",
    "Codes",
    "Dataset",
    "Floats",
    "Numbers",
    "Texts",
    "codebook_of",
    "data_file",
    "first_missing",
    "made_up_sentence",
    "missing_code",
    "read",
    "read_csv",
    "read_data",
    "read_responses",
    "write",
    "write_responses",
]


def data_file(study: Study) -> Path | None:
    """The file that the study's `data:` block names, or None: then the answers are Topline's own."""
    settings = study.settings.get("data")
    named = settings.get("file") if isinstance(settings, Mapping) else None
    return Path(study.folder) / str(named) if named else None


def read_data(study: Study, path: Path) -> Dataset:
    """Read answers: through the `data:` block if the study has one, else Topline's own file."""
    return read_csv(study, path) if "data" in study.settings else read_responses(study, path)


def made_up_sentence(data: Dataset) -> str:
    """What every page says if the answers are made up, in the study's words or ours; "" if they are real."""
    if not data.made_up:
        return ""
    settings = data.study.settings.get("data")
    said = settings.get("made_up") if isinstance(settings, Mapping) else None
    return str(said) if said else words("made-up", data.study.languages[0])
