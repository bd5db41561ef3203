"""Agreement of coders: published cases, a second method, properties."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from topline.base import ToplineError
from topline.designs import Design
from topline.estimates import cohen_kappa, design_kappa, krippendorff_alpha, set_distance
from topline.estimates.agreement import Weights

N = None
#: K. Krippendorff 2011, Computing Krippendorff's alpha-reliability: four coders, twelve units, gaps.
FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]
CODES = st.lists(st.tuples(*[st.sampled_from([None, 0, 1, 2])] * 3), min_size=2, max_size=20)
PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=40)
SETS = st.frozensets(st.integers(0, 4), min_size=1, max_size=4)


def coded(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """The codes of two coders from their table of counts."""
    pairs = [
        (row, column) for row, counts in enumerate(table) for column, n in enumerate(counts) for _ in range(n)
    ]
    return [one for one, _ in pairs], [other for _, other in pairs]


@pytest.mark.parametrize(("level", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_of_four_coders(level: str, value: float) -> None:
    """Krippendorff 2011, section D and after: 0.743 nominal, 0.815 ordinal, 0.849 interval."""
    assert round(krippendorff_alpha(FOUR, level), 3) == value  # type: ignore[arg-type]


def test_alpha_of_two_coders() -> None:
    """The same paper, sections A and B: binary 0.095, nominal 0.692."""
    binary = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
    assert round(krippendorff_alpha(binary) or 0, 3) == 0.095
    assert round(krippendorff_alpha(["aabbdcccedda", "babbbccceddd"]) or 0, 3) == 0.692


def test_kappa_of_two_diagnoses() -> None:
    """Fleiss, Levin and Paik 2003, table 18.1: kappa 0.68, and its standard error 0.087 to three places."""
    found = cohen_kappa(*coded([[75, 1, 4], [5, 4, 1], [0, 0, 10]]), 3)
    assert found.value == pytest.approx(0.23 / 0.34)
    assert found.se == pytest.approx(0.0877, abs=5e-5)
    assert (found.observed, found.expected, found.n) == (pytest.approx(0.89), pytest.approx(0.66), 100)


def test_kappa_where_chance_always_agrees() -> None:
    """Two coders who gave one code throughout agree, and kappa says nothing; no codes say nothing."""
    assert cohen_kappa([1, 1], [1, 1], 2).value is None
    assert cohen_kappa([-1, 0], [0, -1], 2).n == 0
    assert krippendorff_alpha([[1, 1], [1, 1]]) is None
    assert krippendorff_alpha([[1, None], [None, 1]]) is None


def alpha_by_pairs(columns: list[list[int | None]]) -> float | None:
    """Nominal alpha from all pairs of codes within things, and all pairs at all."""
    units = [[c for c in unit if c is not None] for unit in zip(*columns, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    every = [code for unit in units for code in unit]
    n = len(every)
    if len(set(every)) < 2:
        return None
    within = sum(sum(a != b for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in units) / n
    between = sum(a != b for a, b in permutations(every, 2)) / (n * (n - 1))
    return 1 - within / between


@given(CODES)
def test_alpha_is_that_of_all_pairs(things: list[tuple[int | None, ...]]) -> None:
    """The matrix of coincidences gives what the definition over pairs gives."""
    columns = [list(column) for column in zip(*things, strict=True)]
    wanted = alpha_by_pairs(columns)
    found = krippendorff_alpha(columns)
    assert (found is None) == (wanted is None)
    if wanted is not None:
        assert found == pytest.approx(wanted, abs=1e-12)


@given(CODES, st.permutations([0, 1, 2]))
def test_alpha_knows_no_order(things: list[tuple[int | None, ...]], names: list[int]) -> None:
    """Neither the order of things, nor of coders, nor the names of codes matter."""
    columns = [list(column) for column in zip(*things, strict=True)]
    renamed = [[None if c is None else names[c] for c in column[::-1]] for column in columns[::-1]]
    assert krippendorff_alpha(renamed) == pytest.approx(krippendorff_alpha(columns))


@given(PAIRS)
def test_kappa_by_its_definition(pairs: list[tuple[int, int]]) -> None:
    """Kappa is what counting person by person gives; the coders may change places; 1 is the most."""
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    n = len(pairs)
    observed = sum(a == b for a, b in pairs) / n
    expected = sum(first.count(code) * second.count(code) for code in range(4)) / n**2
    found = cohen_kappa(first, second, 4)
    if found.value is None:
        assert expected == pytest.approx(1)
        return
    assert found.value == pytest.approx((observed - expected) / (1 - expected))
    assert found.value <= 1 + 1e-12
    other = cohen_kappa(second, first, 4)
    assert (other.value, other.se) == (pytest.approx(found.value), pytest.approx(found.se, abs=1e-12))


@given(PAIRS)
def test_quadratic_kappa_is_a_correlation_of_places(pairs: list[tuple[int, int]]) -> None:
    """With quadratic weights kappa is 2 cov / (var + var + (difference of means)^2), of codes as numbers.

    J. L. Fleiss, J. Cohen 1973, Educational and Psychological Measurement 33(3), 613-619.
    """
    a, b = np.array(pairs, dtype=float).T
    found = cohen_kappa(a.astype(int).tolist(), b.astype(int).tolist(), 4, "quadratic")
    below = a.var() + b.var() + (a.mean() - b.mean()) ** 2
    if found.value is not None:
        assert found.value == pytest.approx(2 * np.cov(a, b, bias=True)[0, 1] / below, abs=1e-9)


def test_the_standard_error_is_that_of_many_samples() -> None:
    """Kappas of samples from one table spread as the formula says, weighted or not."""
    random = np.random.default_rng(5)
    table = np.array([[75, 1, 4], [5, 4, 1], [0, 0, 10]]) / 100
    for weights in ("none", "quadratic"):
        found = []
        for counts in random.multinomial(400, table.ravel(), size=800).reshape(-1, 3, 3):
            found.append(cohen_kappa(*coded(counts.tolist()), 3, weights).value)  # type: ignore[arg-type]
        se = cohen_kappa(*coded((400 * table).round().astype(int).tolist()), 3, weights).se  # type: ignore[arg-type]
        assert np.std(found) == pytest.approx(se, rel=0.1)


@given(PAIRS, st.sampled_from(["none", "linear", "quadratic"]))
@example([(2, 2)] * 5 + [(3, 1)] * 2, "linear")
@example([(3, 0), (3, 2), (3, 2)], "linear")
@example([(0, 1), (1, 3)], "linear")
def test_kappa_of_a_simple_random_sample(pairs: list[tuple[int, int]], weights: Weights) -> None:
    """In a simple random sample design-based kappa is Cohen's; its error is the textbook's by n / (n - 1).

    The examples have an error of 0, which the difference of two squares would make 2e-8.
    """
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    n = len(pairs)
    design = Design("model", np.ones(n), np.zeros(n, dtype=int))
    found, plain = design_kappa(design, first, second, 4, weights), cohen_kappa(first, second, 4, weights)
    assert (found.value is None) == (plain.value is None)
    if plain.value is not None:
        assert plain.se is not None
        assert found.value == pytest.approx(plain.value)
        assert found.se == pytest.approx(plain.se * np.sqrt(n / (n - 1)), abs=1e-12)


def test_kappa_without_errors() -> None:
    """A design that states no error gives kappa without one, and codings that share nobody give none."""
    design = Design("descriptive", np.ones(4), np.zeros(4, dtype=int), intervals=False)
    found = design_kappa(design, [0, 1, 0, -1], [0, 1, 1, 1], 2)
    assert (found.value, found.se, found.n) == (pytest.approx(0.4), None, 3)
    assert design_kappa(design, [-1, -1, 0, 0], [0, 0, -1, -1], 2).n == 0
    assert design_kappa(design, [1] * 4, [1] * 4, 2).value is None


def test_distances_of_sets() -> None:
    """Passonneau 2006: equal 0, one in the other by 2/3, overlapping by 1/3, apart 1."""
    one, two, both, three = frozenset("a"), frozenset("b"), frozenset("ab"), frozenset("bc")
    assert set_distance(one, one) == 0
    assert set_distance(one, two) == 1
    assert set_distance(one, both) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert set_distance(both, three) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert set_distance(both, three, "jaccard") == pytest.approx(2 / 3)


@given(SETS, SETS)
def test_distances_are_distances(a: frozenset[int], b: frozenset[int]) -> None:
    """From 0 to 1, the same both ways, 0 for equal sets only; MASI is never nearer than Jaccard."""
    masi, jaccard = set_distance(a, b), set_distance(a, b, "jaccard")
    assert masi == set_distance(b, a)
    assert 0 <= jaccard <= masi <= 1
    assert (masi == 0) == (a == b)


def test_sets_of_one_code_are_codes() -> None:
    """Alpha of sets that all hold one code is nominal alpha, by either distance."""
    sets = [[None if code is None else frozenset({code}) for code in coder] for coder in FOUR]
    for level in ("masi", "jaccard"):
        assert krippendorff_alpha(sets, level) == pytest.approx(krippendorff_alpha(FOUR))  # type: ignore[arg-type]


def test_what_is_not_offered() -> None:
    """Unknown weights and levels are refused with those that there are."""
    with pytest.raises(ToplineError, match="Use one of none, linear, quadratic"):
        cohen_kappa([0], [0], 2, "cubic")  # type: ignore[arg-type]
    with pytest.raises(ToplineError, match="Use one of nominal, ordinal, interval, masi, jaccard"):
        krippendorff_alpha([[0], [0]], "ratio")  # type: ignore[arg-type]
