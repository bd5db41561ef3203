"""Write a study as new files (FORMAT.md section 8). To change files that somebody wrote, see `edit.py`."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from uuid import uuid4

from topline.base import ToplineError, fail
from topline.study.load import load
from topline.study.model import Questionnaire, Study
from topline.study.same import same_study
from topline.study.writing.questionnaire import questionnaire_lines
from topline.study.writing.study import study_lines

_SCHEMA: Final = "# yaml-language-server: $schema=https://topline.example/schema/1/{}.json"


def write_questionnaire(questionnaire: Questionnaire) -> str:
    """The text of questionnaire.yaml. Code lists that stood in CSV files are written out."""
    return "\n".join([_SCHEMA.format("questionnaire"), "", *questionnaire_lines(questionnaire), ""])


def write_study(study: Study) -> str:
    """The text of study.yaml; parts that the model does not hold come from `study.settings`."""
    return "\n".join([_SCHEMA.format("study"), *study_lines(study), ""])


def write_folder(study: Study, folder: str | Path, others: Mapping[str, str] | None = None) -> None:
    """Write a study as a new folder, all of it or nothing; `others` are further files by their names in it.

    The files are read back before they take their place. Errors: the folder exists and is not empty; the
    study has parts that its files cannot say, or a load of them finds errors.
    """
    target = Path(folder)
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        fail("folder-not-empty", folder=folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    made = target.parent / f".{target.name}-{uuid4().hex}"
    made.mkdir()
    try:
        _write_files(made, study, others or {})
        if target.is_dir():
            target.rmdir()
        made.rename(target)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _write_files(folder: Path, study: Study, others: Mapping[str, str]) -> None:
    files = {
        **others,
        "study.yaml": write_study(study),
        "questionnaire.yaml": write_questionnaire(study.questionnaire),
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    loaded = load(folder)
    errors = [finding for finding in loaded.findings if finding.severity == "error"]
    if loaded.study is None or errors:
        raise ToplineError(errors)
    if not same_study(loaded.study, study):
        fail("study-not-sayable", study=study.id)
