"""Two reports built once: real answers of non-voters-2020, and made-up ones with the figures of 2013."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from topline.claims import ClaimReport
from topline.dataset import Dataset, missing_code, read_csv
from topline.designs import Design, design_of
from topline.disclosure import release
from topline.report import build, needs
from topline.study import Study, load

#: Published shares (%): the answers in order, then “don't know”; others are assumed.
PUBLISHED: dict[str, Sequence[int]] = {
    "skills": (8, 28, 23, 22, 14, 5),
    "leadership": (9, 29, 24, 21, 12, 5),
    "user_centred": (5, 21, 27, 23, 15, 9),
    "information_sharing": (4, 20, 24, 26, 17, 9),
    "momentum": (5, 18, 45, 16, 16),
    "progress.flexible": (8, 23, 40, 15, 9, 5),
    "progress.it_tools": (4, 14, 40, 25, 12, 5),
    "progress.security": (2, 7, 50, 20, 12, 9),
    "device_controls": (40, 34, 12, 6, 3, 5),
    "mobile_access": (4, 95, 1),
    "new_technology_helps": (7, 22, 18, 28, 22, 3),
    "satisfied_pace": (3, 11, 18, 34, 31, 3),
    "digital_leader": (52, 48),
    "initiatives_aware": (72, 28),
    "technology_improved_delivery": (39, 44, 17),
}
STAFF = (720, 441, 123, 106, 95, 84, 73, 61, 55, 51, 50, 580)


@dataclass(frozen=True)
class Built:
    """A report that was built."""

    study: Study
    claims: ClaimReport
    html: str
    released: object


def build_example(study: Study, data: Dataset, text: str, weighted: Design | None = None) -> Built:
    """Release what the text asks for and build its page."""
    design, wanted = design_of(study, data), needs(study, text)
    released = release(study, data, design, [*wanted.addresses, *wanted.tables])
    beside = release(study, data, weighted, wanted.tables) if weighted else None
    context, html = build(study, released, text, "report.md", beside)
    return Built(study, context.claims, html, released)


def dealt(shares: Sequence[int], people: NDArray[np.intp], k: int, out: NDArray[np.uint8]) -> None:
    """Give the people answers in these shares, as exactly as whole people allow, in a fixed mixed order."""
    ends = np.round(np.cumsum(shares) / sum(shares) * len(people)).astype(int)
    answers = np.searchsorted(ends, np.arange(len(people)), side="right")
    codes = np.where(answers >= k, missing_code("dont_know"), answers).astype(np.uint8)
    out[people] = np.random.default_rng(7).permutation(codes)


def made_up(study: Study) -> Dataset:
    """2,439 made-up answers with the published totals, dealt alike to departments and professions."""
    n = sum(STAFF)
    department = (
        np.random.default_rng(5).permutation(np.repeat(np.arange(len(STAFF)), STAFF)).astype(np.uint8)
    )
    columns = {"department": department}
    strata = {"digital_leader": department == len(STAFF) - 1}
    for name in sorted(study.variables, key=lambda name: study.variables[name].source != "attribute"):
        variable = study.variables[name]
        if variable.kind != "codes" or name in columns:
            continue
        k = len(variable.options)
        shares = PUBLISHED.get(name, (1,) * k)
        out = np.zeros(n, dtype=np.uint8)
        apart = strata.get(name, np.zeros(n, dtype=bool))
        if name == "initiatives_aware":
            apart = columns["profession"] == 0
        for group in (apart, ~apart):
            dealt(shares, np.flatnonzero(group), k, out)
        columns[name] = out
    return Dataset(study, n, columns, made_up=True)


@pytest.fixture(scope="session")
def non_voters(root: Path) -> Built:
    """The real study on its real, weighted answers."""
    study = load(root / "examples" / "non-voters-2020").study
    assert study is not None
    folder = Path(study.folder)
    data = read_csv(study, folder / "nonvoters_data.csv")
    return build_example(study, data, (folder / "report.md").read_text("utf-8"))


@pytest.fixture(scope="session")
def public_services(root: Path) -> Built:
    """The study of 2013 on made-up answers, unweighted and beside it weighted."""
    study = load(root / "examples" / "digital-public-services").study
    assert study is not None
    data = made_up(study)
    by_department = np.linspace(0.6, 1.6, len(STAFF))[data.codes("department")]
    weighted = replace(design_of(study, data), weights=by_department, sentence="Weighted to made-up counts.")
    return build_example(study, data, (Path(study.folder) / "report.md").read_text("utf-8"), weighted)
