"""Derived variables: what each makes of answers and of missing ones."""

from pathlib import Path

import numpy as np
import pytest
from tests.dataset.small import small_study

from topline.base import ToplineError
from topline.dataset import Dataset, missing_code
from topline.dataset.derive import complete

DK = missing_code("dont_know")
NOT_ASKED = missing_code("not_asked")
ITEMS = "[likes, parts.top, parts.base]"


def derived(folder: Path, definition: str, *columns: list[int]) -> Dataset:
    """The data of people with these codes of likes, parts.top and parts.base."""
    study = small_study(folder, f"derive:\n  made: {{label: Made, {definition}}}\n")
    names = ("likes", "parts.top", "parts.base")
    codes = {name: np.array(column, dtype=np.uint8) for name, column in zip(names, columns, strict=True)}
    return complete(Dataset(study, len(columns[0]), codes))


def test_a_mean_needs_its_items(tmp_path: Path) -> None:
    """Two of three answered are enough for `at_least: 2`; with one, the kind of the first missing item
    stands.
    """
    data = derived(tmp_path, f"mean_of: {ITEMS}, at_least: 2", [0, 0, NOT_ASKED], [1, DK, DK], [2, 2, DK])
    values, kinds = data.numbers("made")
    assert list(values[:2]) == [50.0, 50.0]
    assert np.isnan(values[2])
    assert list(kinds) == [0, 0, NOT_ASKED]


def test_an_index_runs_from_0_to_100(tmp_path: Path) -> None:
    """The lowest score is 0 and the highest 100, whatever the scores are."""
    data = derived(tmp_path, f"index_of: {ITEMS}", [0, 2], [0, 2], [0, 2])
    assert list(data.numbers("made").values) == [100.0, 0.0]


def test_any_holds_as_soon_as_one_does(tmp_path: Path) -> None:
    """One item settles it; without one, a missing item leaves it open."""
    options = "options: {1 yes: At least one, 2 no: None of them}"
    data = derived(
        tmp_path, f"any_of: {ITEMS}, answer: not_yes, {options}", [0, 0, 0], [1, 0, DK], [DK, 0, 0]
    )
    assert list(data.codes("made")) == [0, 1, DK]


def test_all_fails_as_soon_as_one_does(tmp_path: Path) -> None:
    """One item settles it; where no item fails, a missing one leaves it open."""
    options = "options: {1 yes: All of them, 2 no: Not all}"
    data = derived(tmp_path, f"all_of: {ITEMS}, answer: yes, {options}", [0, 0, 0], [1, 0, DK], [DK, 0, 0])
    assert list(data.codes("made")) == [1, 0, DK]


def test_a_count_counts(tmp_path: Path) -> None:
    """How many items have the answer, of those answered."""
    data = derived(tmp_path, f"count_of: {ITEMS}, answer: not_yes", [0, 1, DK], [1, 2, DK], [DK, 1, DK])
    assert list(data.numbers("made").values[:2]) == [1.0, 3.0]
    assert list(data.numbers("made").kinds) == [0, 0, DK]


def test_a_recode_keeps_missing_kinds(tmp_path: Path) -> None:
    """Old answers become new ones; who did not answer still did not, for the same reason."""
    recode = "recode: likes, options: {1 good: Good, 2 rest: Rest}, map: {yes: good, neither: rest, no: rest}"
    data = derived(tmp_path, recode, [0, 1, 2, DK], [0] * 4, [0] * 4)
    assert list(data.codes("made")) == [0, 1, 1, DK]


def test_a_score_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """The error names the variable, the score and the item that lacks it."""
    with pytest.raises(ToplineError, match="depth"):
        derived(tmp_path, f"mean_of: {ITEMS}, score: depth", [0], [0], [0])
