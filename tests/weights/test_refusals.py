"""What cannot be weighted is refused: what was given, what is allowed, the remedy and R's name for it."""

from collections.abc import Callable

import numpy as np
import pytest

from topline.base import ToplineError
from topline.designs import Design
from topline.weights import (
    Distance,
    Margin,
    Total,
    Weighted,
    calibrate,
    cap,
    post_stratify,
    rake,
    trim_weights,
)

ONES = np.ones(6)
SEX = Margin("Sex", np.array([0, 0, 0, 1, 1, 1], dtype=np.uint8), np.array([60.0, 40.0]), ("men", "women"))
AGE = Margin("Age", np.array([0, 1, 0, 1, 0, 1], dtype=np.uint8), np.array([30.0, 70.0]), ("young", "old"))


def counts(*numbers: float) -> Margin:
    """The margin of age with other counts."""
    return Margin("Age", AGE.codes, np.array(numbers), AGE.labels)


def codes(*numbers: int) -> Margin:
    """The margin of age with other people."""
    return Margin("Age", np.array(numbers, dtype=np.uint8), AGE.counts, AGE.labels)


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a negative base weight": (
        lambda: rake(np.array([1, -2, 1, 1, 1, np.nan]), (SEX,)),
        "2 base weights are missing or below 0; the first is -2.0 in row 2. Take such people out, or "
        "give them a weight.",
    ),
    "no base weight above 0": (
        lambda: rake(np.zeros(6), (SEX,)),
        "all 6 base weights are 0, so nobody counts. Give weights above 0, or none.",
    ),
    "people without a group": (
        lambda: post_stratify(ONES, codes(0, 1, 250, 1, 0, 1)),
        "1 people have no answer to Age, so they get no weight. Count them with a group (weighting: "
        "missing: {Age: GROUP}), or give them a class of their own: a row missing,COUNT among the "
        "targets.",
    ),
    "a count that is none": (
        lambda: rake(ONES, (counts(-30, 70),)),
        "young of Age: -30 is not a count of people. Give a number of at least 0.",
    ),
    "a group without respondents": (
        lambda: rake(ONES, (codes(0, 0, 0, 0, 0, 0),)),
        "nobody who answered is in old of Age, so no weight can bring them in. Merge with another "
        "answer (derive: recode), and add up their counts.",
    ),
    "respondents without a count": (
        lambda: rake(ONES, (counts(0, 100),)),
        "people who answered are in young of Age, whose population count is 0. Correct the count, or "
        "take these people out.",
    ),
    "totals that disagree": (
        lambda: rake(ONES, (SEX, counts(30, 71.5))),
        "Sex adds up to 100 and Age to 101.5: they differ by 1.5. Correct one, or scale the others to "
        "the one you trust (weighting: scale_to: NAME).",
    ),
    "margins that contradict each other": (
        lambda: rake(ONES, (SEX, codes(0, 0, 0, 1, 1, 1)), rounds=20),
        "raking has not met the margins after 20 rounds: young of Age is still off by 1 of its count "
        "(allowed: 1e-12). Do the targets contradict each other? Merge groups, or allow more rounds "
        "(R: rake(control = list(maxit, epsilon))).",
    ),
    "the same by calibration": (
        lambda: calibrate(ONES, (SEX, codes(0, 0, 0, 1, 1, 1))),
        "no weights were found in 2 steps: young of Age is still off by 0.5 of its total. Do the "
        "targets contradict each other? Merge groups, or leave a target out (R: calibrate(calfun, "
        "maxit, epsilon)).",
    ),
    "bounds that one group cannot keep": (
        lambda: calibrate(ONES * 100 / 6, (SEX, AGE), Distance("linear", (0.7, 2))),
        "young of Age needs weights of 0.6 times the base on average, outside bounds: [0.7, 2]. Widen "
        "them, or merge the group with another.",
    ),
    "bounds that two groups cannot keep": (
        lambda: calibrate(ONES * 100 / 6, (SEX, AGE), Distance("linear", (0.59, 1.41))),
        "no weights between 0.59 and 1.41 times the base meet all targets: after 2 steps women of Sex "
        "is still off by 0.16 of its total. Widen bounds:, merge groups, or leave a target out (R: "
        "bounds, force).",
    ),
    "a logit distance without bounds": (
        lambda: Distance("logit"),
        "distance: logit needs bounds:, as [0.3, 3]: the least and the most that a weight is "
        "multiplied by (R: bounds).",
    ),
    "bounds without 1": (
        lambda: Distance("linear", (1.1, 2)),
        "bounds: [1.1, 2] must be at least 0 and hold 1 between them, as [0.3, 3].",
    ),
    "a missing number": (
        lambda: calibrate(ONES, (Total("income", np.array([1, 2, 3, np.nan, 5, 6]), 9.0),)),
        "1 people have no value of income. Give them one, or weight to groups of it with a class for "
        "those without.",
    ),
    "a total that is none": (
        lambda: calibrate(ONES, (Total("income", ONES, np.inf),)),
        "the total of income is inf, which is no number.",
    ),
    "limits in the wrong order": (
        lambda: trim_weights(ONES, lower=2, upper=1),
        "weights cannot be cut to between 2 and 1. Give lower below upper, both at least 0.",
    ),
    "limits beside the mean": (
        lambda: trim_weights(ONES, upper=0.5),
        "the mean weight 1 is outside 0 to 0.5, so the total cannot stay. Widen the limits.",
    ),
    "limits that nobody keeps": (
        lambda: trim_weights(np.array([1.0, 9.0]), lower=4, upper=6),
        "every weight is outside 4 to 6, so nobody is left to take what is cut. Widen the limits.",
    ),
    "a limit below what a group needs": (
        lambda: cap(rake(ONES, (SEX, AGE)), 1.3, lambda base: rake(base, (SEX, AGE))),
        "old of Age needs a mean weight of 1.4 times the mean, above the limit of 1.3. Raise trim: "
        "max:, or merge the group with another.",
    ),
    "a limit that raking undoes": (
        lambda: cap(rake(ONES, (SEX, AGE)), 1.45, lambda base: rake(base, (SEX, AGE))),
        "after 200 rounds of cutting and weighting anew 1 weights are still above 1.45 times the "
        "mean. Raise trim: max:, or set rerake: false (the margins then move).",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals(case: str) -> None:
    """Each is one error, in the exact words."""
    act, message = REFUSED[case]
    with pytest.raises(ToplineError) as raised:
        act()
    assert [finding.text for finding in raised.value.findings] == [message]


def test_arrays_that_do_not_fit() -> None:
    """Codes of other people, or labels of other groups, are a fault of the program that calls."""
    with pytest.raises(ValueError, match="Sex: 6 codes, 2 counts, 2 labels"):
        rake(np.ones(7), (SEX,))


def test_zero_weights_warn() -> None:
    """A base weight of 0 is legal and said; the person counts in n and in nothing else."""
    found = rake(np.array([0.0, 1, 1, 1, 1, 1]), (SEX,))
    assert found.weights[0] == 0.0
    assert [finding.text for finding in found.findings] == [
        "1 people have a weight of 0: they count in n, and in nothing else."
    ]
    assert (found.diagnostics.n, found.diagnostics.zeros) == (6, 1)


def negative() -> Weighted:
    """Linear calibration far from its base."""
    values = np.array([1.0, 2, 3, 4, 5, 60])
    return calibrate(ONES, (Total("people", ONES, 6.0), Total("income", values, 10.0)))


def test_negative_weights_warn_and_make_no_design() -> None:
    """Weights below 0 come with the remedy, and no estimate is made with them."""
    found = negative()
    assert found.weights.min() < 0
    assert found.findings[0].text == (
        f"1 weights are below 0, the least {found.weights.min():.4g}. Use the raking distance, or bounds "
        '(R: calfun = "raking", bounds).'
    )
    with pytest.raises(ToplineError, match="row 6 of the answers has a weight below 0"):
        found.design(Design("design", ONES, np.zeros(6, dtype=np.intp)))


def test_results_print_well() -> None:
    """A result is its cost and each margin before, after and as wanted; HTML for notebooks escapes labels."""
    margin = Margin("Sex", SEX.codes, np.array([60.0, 40.0]), ("men", "women & others"))
    found = rake(ONES, (margin,))
    assert str(found).splitlines() == [
        "Weights by raking: 6 people. Cells: 2; rounds: 2.",
        "Design effect (Kish) 1.040: 6 people count as 5.8.",
        "From 0.800 to 1.200 times the mean; extreme (over 5 times the mean, or under 1/5 of it): 0.",
        "Standard errors are those of residuals, by the convention of R's rake.",
        "",
        "Sex             n  before %  weighted %  target %",
        "men             3     50.00       60.00     60.00",
        "women & others  3     50.00       40.00     40.00",
    ]
    page = found._repr_html_()
    assert '<tr><th scope="row">women &amp; others</th><td>3</td><td>50.00</td>' in page
    with pytest.raises(ValueError, match="read-only"):
        found.weights[0] = 1.0
