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
    "excluded_sentence",
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


def read_data(study: Study, path: Path, *, everybody: bool = False) -> Dataset:
    """Read answers: through the `data:` block if the study has one, else Topline's own file.

    People whom the study's rules of data quality take out are left out, unless `everybody` is wanted.
    """
    data = read_csv(study, path) if "data" in study.settings else read_responses(study, path)
    if everybody or "quality" not in study.settings:
        return data
    from topline.dataset.quality import excluding  # only where a study has rules

    return excluding(data)


def excluded_sentence(data: Dataset) -> str:
    """What is said of people whom declared rules took out, wherever figures stand; "" if there are none."""
    out = data.exclusions
    if out is None:
        return ""
    rules = "; ".join(f"{rule.name}: {rule.n:,}, {rule.why.rstrip('.')}" for rule in out.rules)
    return words("quality-excluded-notice", data.study.languages[0], n=out.n, all=out.collected, rules=rules)


def made_up_sentence(data: Dataset) -> str:
    """What every page says if the answers are made up, in the study's words or ours; "" if they are real."""
    if not data.made_up:
        return ""
    settings = data.study.settings.get("data")
    said = settings.get("made_up") if isinstance(settings, Mapping) else None
    return str(said) if said else words("made-up", data.study.languages[0])
