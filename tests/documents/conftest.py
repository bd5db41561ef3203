"""Fixtures of the documents: a study that has everything."""

from pathlib import Path

import pytest
from tests.documents.examples import write_small_study

from topline.study import read_study
from topline.study.model import Study


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the small study."""
    return write_small_study(tmp_path / "small")


@pytest.fixture
def small(folder: Path) -> Study:
    """The small study, loaded."""
    return read_study(folder)
