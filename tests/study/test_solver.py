"""The small solver against python-sat, and its budget."""

import random
import time

import pytest
from pysat.solvers import Cadical153

from topline.study.reach import solve


def random_clauses(rng: random.Random, variables: int, clauses: int, width: int) -> list[list[int]]:
    """Clauses of up to `width` literals over `variables` variables."""
    return [
        [rng.choice((-1, 1)) * v for v in rng.sample(range(1, variables + 1), rng.randint(1, width))]
        for _ in range(clauses)
    ]


def three_sat(rng: random.Random, variables: int) -> list[list[int]]:
    """Random 3-SAT at the threshold of 4.26 clauses a variable: the hardest for its size."""
    return [
        [rng.choice((-1, 1)) * v for v in rng.sample(range(1, variables + 1), 3)]
        for _ in range(round(4.26 * variables))
    ]


def agrees(clauses: list[list[int]]) -> str:
    """Compare with python-sat, and check the model; give the status."""
    solved = solve(clauses)
    with Cadical153(bootstrap_with=clauses) as oracle:
        assert solved.status == ("possible" if oracle.solve() else "impossible")
    if solved.status == "possible":
        assert all(any(literal in solved.model for literal in clause) for clause in clauses)
        assert not any(-literal in solved.model for literal in solved.model)
    return solved.status


def test_agrees_with_an_oracle_on_random_clauses() -> None:
    """On 600 random sets of clauses, both kinds well represented, the answers are python-sat's."""
    rng = random.Random(7)
    found = [
        agrees(random_clauses(rng, n := rng.randint(2, 25), rng.randint(1, 4 * n), rng.randint(2, min(n, 5))))
        for _ in range(600)
    ]
    assert min(found.count("possible"), found.count("impossible")) > 150


def test_agrees_with_an_oracle_at_the_threshold() -> None:
    """On 60 hard sets of 20 to 60 variables as well."""
    rng = random.Random(8)
    found = [agrees(three_sat(rng, rng.randint(20, 60))) for _ in range(60)]
    assert min(found.count("possible"), found.count("impossible")) > 15


@pytest.mark.parametrize(
    ("clauses", "status"),
    [
        ([], "possible"),
        ([[]], "impossible"),
        ([[1]], "possible"),
        ([[1], [-1]], "impossible"),
        ([[1, 1], [-1, -1]], "impossible"),
        ([[1, -1], [2]], "possible"),
        ([[1, 2], [1, -2], [-1, 2], [-1, -2]], "impossible"),
    ],
)
def test_small_cases(clauses: list[list[int]], status: str) -> None:
    """Empty sets, empty clauses, literals given twice and both ways."""
    assert agrees(clauses) == status


def test_gives_up_within_its_budget() -> None:
    """A hard set of 300 variables ends as not decided, in the time that the budget is meant for."""
    clauses = three_sat(random.Random(9), 300)
    start = time.process_time()
    assert solve(clauses).status == "not decided"
    assert time.process_time() - start < 20
    assert solve(clauses, budget=50).status == "not decided"
