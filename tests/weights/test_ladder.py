"""Classes under ten answers merged along the declared ladder: which, into what, what is said and refused."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topline.base import ToplineError
from topline.dataset import Dataset
from topline.dataset.derive import complete
from topline.study import Study, read_study
from topline.study.model import Variable
from topline.weights import Margin, Step, weightings
from topline.weights.ladder import LEAST, Rung, merge_small

STUDY = """\
topline: 1
id: staff
title: Staff
organisation: Us
population: Staff
languages: [en]
inference: census-nonresponse
frame: {kind: list, coverage: All, invited: 500}
attributes:
  agency:
    label: Agency
    coarsen: [department, sector]
    options: {1 a: Agency A, 2 b: Agency B, 3 c: Agency C, 4 d: Agency D, 5 e: Agency E}
  department:
    label: Department
    options: {1 home: Home, 2 away: Away}
  sector:
    label: Sector
    options: {1 public: Public}
  grade:
    label: Grade
    options: {1 low: Low, 2 high: High}
"""
REPLIES = "id,invited,replied\na,100,40\nb,50,8\nc,50,8\nd,200,60\ne,100,9\n"
ENOUGH = "id,invited,replied\na,100,40\nb,50,10\nc,50,10\nd,200,60\ne,100,10\n"
COUNTS = "id,population\na,100\nb,50\nc,50\nd,200\ne,100\n"
ABOVE = [0, 0, 0, 1, 1]


def written(folder: Path, text: str) -> Study:
    """A study of one question."""
    (folder / "questionnaire.yaml").write_text(
        "questions:\n- text: more\n  ask: More?\n  label: More\n", "utf-8"
    )
    (folder / "study.yaml").write_text(text, "utf-8")
    return read_study(folder)


def weigh(
    folder: Path, answers: Sequence[int], weighting: str, study: str = STUDY, replies: str = REPLIES
) -> Step:
    """The weighting of so many answers from each agency: a, b and c at home, d and e away."""
    (folder / "replies.csv").write_text(replies, "utf-8")
    (folder / "counts.csv").write_text(COUNTS, "utf-8")
    found = written(folder, f"{study}weighting: {{{weighting}}}\n")
    agency = np.repeat(np.arange(5), answers).astype(np.uint8)
    department = np.array(ABOVE, dtype=np.uint8)[agency]
    grade = (np.arange(len(agency)) % 2).astype(np.uint8)
    columns = {"agency": agency, "department": department, "sector": agency * 0, "grade": grade}
    return weightings(found, complete(Dataset(found, len(agency), columns)))[0]


RESPONSE = "nonresponse: {agency: replies.csv}"


@pytest.mark.parametrize("weighting", [RESPONSE, "adjust: post_stratify, targets: {agency: counts.csv}"])
def test_small_classes_become_one(tmp_path: Path, weighting: str) -> None:
    """Two small classes of a department join each other; a single one takes the next smallest with it."""
    found = weigh(tmp_path, [40, 8, 8, 60, 9], weighting)
    design = found.design
    assert design.strata_names == (
        "Agency A",
        "Department: Home (Agency B, Agency C)",
        "Department: Away (Agency D, Agency E)",
    )
    assert list(np.bincount(design.strata)) == [40, 16, 69]
    assert list(design.population) == [100, 100, 300]
    assert np.unique(design.weights.round(9)).tolist() == pytest.approx([2.5, 300 / 69, 6.25])
    said = (
        "Agency B, Agency C count as one class within Department: Home, because a class needs 10 answers. "
        "Agency D, Agency E count as one class within Department: Away, because a class needs 10 answers."
    )
    assert design.sentence.endswith(said)
    assert "Agency B, Agency C count as one class" in str(found.made[0])


def test_up_to_the_next_level(tmp_path: Path) -> None:
    """What a department cannot bring to ten goes up to the sector, where the smallest class joins."""
    found = weigh(tmp_path, [4, 1, 2, 60, 30], "adjust: post_stratify, targets: {agency: counts.csv}")
    assert found.design.strata_names == (
        "Sector: Public (Agency A, Agency B, Agency C, Agency E)",
        "Agency D",
    )
    assert list(np.bincount(found.design.strata)) == [37, 60]
    assert found.design.sentence.count("count as one class") == 1


def test_large_classes_stay(tmp_path: Path) -> None:
    """Without small classes nothing is merged and nothing said, and the design is that of the classes."""
    found = weigh(
        tmp_path,
        [40, 10, 10, 60, 10],
        RESPONSE,
        replies=ENOUGH,
    )
    assert len(found.design.strata_names) == 5
    assert "count as one class" not in found.design.sentence


def refused(folder: Path, answers: Sequence[int], study: str = STUDY) -> str:
    """The words in which classes are refused."""
    with pytest.raises(ToplineError) as raised:
        weigh(folder, answers, RESPONSE, study)
    return raised.value.findings[0].text


def test_a_ladder_that_runs_out(tmp_path: Path) -> None:
    """At the top of the ladder a class that is still too small is named, with the levels and the ways out."""
    assert refused(tmp_path, [3, 1, 2, 1, 1]) == (
        "Agency A, Agency B, Agency C, Agency D, Agency E of Agency has fewer than 10 answers, also after "
        "merging along department, sector. Add a coarser level to coarsen:, or merge groups before weighting "
        "(derive: recode)."
    )
    assert "Say which levels small groups are merged into (coarsen:" in refused(
        tmp_path, [40, 8, 8, 60, 9], STUDY.replace("    coarsen: [department, sector]\n", "")
    )


def test_a_class_that_nobody_is_in(tmp_path: Path) -> None:
    """Its place in the ladder is not known from answers; a recode tells it, and the class is merged."""
    empty = [40, 0, 8, 60, 9]
    assert refused(tmp_path, empty).startswith(
        "Agency B of Agency has fewer than 10 answers, and no answer says in which group of department it "
    )
    recoded = STUDY.replace("coarsen: [department, sector]", "coarsen: [office]") + (
        "derive:\n  office:\n    label: Office\n    recode: agency\n"
        "    options: {1 home: Home, 2 away: Away}\n"
        "    map: {a: home, b: home, c: home, d: away, e: away}\n"
    )
    found = weigh(tmp_path, empty, RESPONSE, recoded)
    assert found.design.strata_names[1] == "Office: Away (Agency D, Agency E)"
    assert found.design.strata_names[0] == "Office: Home (Agency A, Agency B, Agency C)"


def test_a_level_that_cuts_groups(tmp_path: Path) -> None:
    """A level that divides the people of one group is none."""
    assert refused(tmp_path, [40, 8, 8, 60, 9], STUDY.replace("[department, sector]", "[grade]")) == (
        "people in Agency A of Agency are in several groups of grade, so grade is no level above it. Correct "
        "coarsen:, or the answers."
    )


def test_crossed_classes(tmp_path: Path) -> None:
    """Of agency by grade the agencies are merged within a grade."""
    lines = [f"{agency},{grade},50,30" for agency in "abcde" for grade in ("low", "high")]
    replies = "agency,grade,invited,replied\n" + "\n".join(lines) + "\n"
    found = weigh(tmp_path, [40, 12, 30, 60, 20], "nonresponse: {cells: replies.csv}", replies=replies)
    names = found.design.strata_names
    assert "Agency A x Low" in names
    assert "Department: Home (Agency B x Low, Agency C x Low)" in names
    assert "Department: Home (Agency B x High, Agency C x High)" in names
    assert np.bincount(found.design.strata).min() >= LEAST


@given(st.lists(st.integers(0, 25), min_size=6, max_size=6), st.integers(0, 1000))
@settings(max_examples=100, deadline=None)
def test_merging_keeps_everybody_and_reaches_ten(sizes: list[int], seed: int) -> None:
    """No class is lost or split, all are large enough, only groups of one level merge; else it is refused."""
    level = read_level()
    halves = tuple(("x",) if at < 3 else ("y",) for at in range(6))
    rungs = (Rung(level, halves), Rung(level, (("z",),) * 6))
    codes = np.random.default_rng(seed).permutation(np.repeat(np.arange(6), sizes))
    margin = Margin("Unit", codes, np.full(6, 100.0), tuple("abcdef"))
    if sum(sizes) < LEAST:
        with pytest.raises(ToplineError, match="has fewer than 10 answers, also after merging along"):
            merge_small(margin, rungs)
        return
    merged, notes = merge_small(margin, rungs)
    assert merged.counts.sum() == 600
    assert np.bincount(merged.codes).min() >= LEAST
    assert len({(new, old) for new, old in zip(merged.codes, codes, strict=True)}) == len(set(codes))
    assert bool(notes) == (min(sizes) < LEAST)
    assert merge_small(merged, ())[0] is merged


def read_level() -> Variable:
    """A variable that stands for every level."""
    with tempfile.TemporaryDirectory() as folder:
        return written(Path(folder), STUDY).variables["department"]
