"""Estimates against saved results of R's survey package, to 1e-9 relative; `pytest -s` prints the cases."""

from collections.abc import Iterator
from math import isnan

import numpy as np
import pytest
from tests.estimates.api import cases, coded, columns, design, numbers

from topline.estimates import (
    Estimates,
    cell_sums,
    difference,
    mean_interval,
    means,
    number_means,
    number_sums,
    share_interval,
)

DESIGNS = ("srs", "strat", "strat_nofpc")
near = {"rel": 1e-9, "abs": 1e-12}
covered: set[str] = set()


@pytest.fixture(scope="module", autouse=True)
def _print_covered() -> Iterator[None]:
    yield
    print(f"\nR survey cases reproduced to 1e-9 ({len(covered)}): {', '.join(sorted(covered))}")


def result(case: str) -> dict:
    """R's result of a case, noted as covered."""
    covered.add(case)
    return cases()[case]["result"]


def everybody(name: str) -> np.ndarray:
    """One group that everybody is in."""
    return np.zeros(len(columns(name)["stype"]), dtype=np.intp)


def shares(name: str, variable: str, by: str | None = None) -> Estimates:
    """Shares of the levels of a variable, (groups, levels), from cell sums."""
    codes, levels = coded(name, variable)
    groups, depth = (everybody(name), 1) if by is None else (coded(name, by)[0], len(coded(name, by)[1]))
    cells = cell_sums(design(name), groups, depth, codes, len(levels))
    return means(cells, np.eye(len(levels)))


def mean_of(name: str, variable: str, groups: np.ndarray | None = None, depth: int = 1) -> Estimates:
    """The mean of a number, (groups, 1)."""
    groups = everybody(name) if groups is None else groups
    return number_means(number_sums(design(name), groups, depth, numbers(name, variable)))


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("case", ["mean.numeric", "mean.enroll_na"])
def test_means_of_numbers(name: str, case: str) -> None:
    """A mean, its standard error and its t interval are those of svymean, with missing values as well.

    Where values are missing R keeps the df of the whole design; Topline counts the people in the base, so
    only complete variables are compared on the interval.
    """
    expected = result(f"{name}.{case}")
    for variable, value in expected["estimate"].items():
        found = mean_of(name, variable)
        assert found.value[0, 0] == pytest.approx(value, **near)
        assert found.se[0, 0] == pytest.approx(expected["se"][variable], **near)
        if case == "mean.numeric":
            low, high = mean_interval(found.value[0, 0], found.se[0, 0], int(found.df[0, 0]))
            assert found.df[0, 0] == expected["df"]
            assert (low, high) == pytest.approx(
                (expected["ci_t_lower"][variable], expected["ci_t_upper"][variable]), **near
            )


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize(("case", "variable"), [("mean.factor", "stype"), ("mean.factor2", "sch.wide")])
def test_shares(name: str, case: str, variable: str) -> None:
    """Shares of answers and their standard errors from cell sums are those of svymean on a factor."""
    expected = result(f"{name}.{case}")
    found = shares(name, variable)
    assert list(found.value[0]) == pytest.approx(list(expected["estimate"].values()), **near)
    assert list(found.se[0]) == pytest.approx(list(expected["se"].values()), **near)


@pytest.mark.parametrize("name", DESIGNS)
def test_shares_by_group(name: str) -> None:
    """Shares within groups are svyby's: groups are domains, not samples of their own."""
    expected = result(f"{name}.by.factor")
    found = shares(name, "sch.wide", "stype")
    assert list(found.value.T.ravel()) == pytest.approx(expected["estimate"], **near)
    assert list(found.se.T.ravel()) == pytest.approx(expected["se"], **near)


@pytest.mark.parametrize("name", DESIGNS)
def test_means_by_group(name: str) -> None:
    """Means within groups of one and of two variables are svyby's."""
    types, levels = coded(name, "stype")
    wide, _ = coded(name, "sch.wide")
    for case, groups, depth in (("by.mean", types, len(levels)), ("by.mean2", wide * 3 + types, 6)):
        expected = result(f"{name}.{case}")
        found = mean_of(name, "api00", groups, depth)
        assert list(found.value[:, 0]) == pytest.approx(expected["estimate"], **near)
        assert list(found.se[:, 0]) == pytest.approx(expected["se"], **near)


@pytest.mark.parametrize("name", DESIGNS)
def test_cell_shares(name: str) -> None:
    """Shares of the cells of two variables are svymean's of their interaction."""
    expected = result(f"{name}.by.cell_share")
    codes = coded(name, "sch.wide")[0] * 3 + coded(name, "stype")[0]
    cells = cell_sums(design(name), everybody(name), 1, codes, 6)
    found = means(cells, np.eye(6))
    assert list(found.value[0]) == pytest.approx(list(expected["estimate"].values()), **near)
    assert list(found.se[0]) == pytest.approx(list(expected["se"].values()), **near)


@pytest.mark.parametrize("name", DESIGNS)
def test_logit_interval(name: str) -> None:
    """The interval of a share is svyciprop's logit interval (iterated) and its xlogit one (closed form)."""
    found = shares(name, "sch.wide")
    interval = share_interval(found.value[0, 1], found.se[0, 1], int(found.df[0, 1]))
    for method in ("logit", "xlogit"):
        expected = result(f"{name}.ciprop.{method}")
        assert found.df[0, 1] == expected["df"]
        assert interval == pytest.approx(expected["ci"], **near)


@pytest.mark.parametrize("name", DESIGNS)
def test_subset(name: str) -> None:
    """A mean over a subset has the subset's degrees of freedom: only active strata and people count."""
    expected = result(f"{name}.subset.mean")
    inside = (numbers(name, "api99") > 650) & (columns(name)["stype"] == "E")
    found = mean_of(name, "api00", np.where(inside, 0, -1))
    assert found.value[0, 0] == pytest.approx(expected["estimate"]["api00"], **near)
    assert found.se[0, 0] == pytest.approx(expected["se"]["api00"], **near)
    assert found.df[0, 0] == expected["df"]


@pytest.mark.parametrize("name", DESIGNS)
def test_difference_of_groups(name: str) -> None:
    """The difference of two groups is svycontrast's over svyby, and svyttest's t."""
    api00, types = numbers(name, "api00"), columns(name)["stype"]
    found = difference(design(name), (api00, types == "E"), (api00, types == "H"))
    expected = result(f"{name}.contrast")
    assert (found.value, found.se) == pytest.approx((expected["estimate"], expected["se"]), **near)
    improved = columns(name)["comp.imp"] == "Yes"
    t_test = result(f"{name}.ttest.two")
    found = difference(design(name), (api00, improved), (api00, ~improved))
    assert found.value == pytest.approx(t_test["estimate"]["difference in mean"], **near)
    assert found.value / found.se == pytest.approx(t_test["statistic"]["t"], **near)


@pytest.mark.parametrize("name", DESIGNS)
def test_difference_of_measures(name: str) -> None:
    """The difference of two measures of the same people has their covariance in it (vcov of svymean)."""
    vcov = np.array(result(f"{name}.vcov.mean")["vcov"])
    everybody_in = np.ones(len(numbers(name, "api00")), dtype=bool)
    pair = ((numbers(name, "api00"), everybody_in), (numbers(name, "api99"), everybody_in))
    found = difference(design(name), *pair)
    assert found.se**2 == pytest.approx(vcov[0, 0] + vcov[1, 1] - 2 * vcov[0, 1], **near)
    assert not isnan(found.value)
