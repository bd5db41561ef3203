"""Change of a figure between two waves: values, errors, words, refusals; and real published changes."""

import csv
import json
import re
from math import sqrt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from topline.base import ToplineError, half_up
from topline.study.published import Published
from topline.tables import PROFILES, Point, change_of, published_point


def share(p: float, n: int, **more: object) -> Point:
    """A share of a simple random sample, unrounded."""
    flag = PROFILES["market"].of_base(n, float(n))
    return Point(p, sqrt(p * (100 - p) / n), n - 1, n, float(n), flag=flag, **more)


def printed(text: str, base: int = 1000, **more: object) -> Point:
    """A share as it is printed: its last place tells how far it was rounded."""
    places = len(text.partition(".")[2])
    figure = Published("q", "", "yes", "", "", float(text), 0.5 * 10**-places, base, **more)
    return published_point(figure, share=True)


def test_error_of_independent_samples() -> None:
    """40% of 400 to 48% of 500: +8 points, error sqrt(24/4 + 24.96/5), Satterthwaite's df, t interval."""
    found = change_of(share(40, 400), share(48, 500))
    assert found.value == pytest.approx(8)
    assert found.se == pytest.approx(sqrt(6 + 4.992))
    assert found.df == int((6 + 4.992) ** 2 / (6**2 / 399 + 4.992**2 / 499))
    low, high = found.interval() or (0, 0)
    assert (low, high) == pytest.approx((8 - 1.9628 * found.se, 8 + 1.9628 * found.se), abs=1e-3)
    assert found.p == pytest.approx(0.01604, abs=1e-4)
    assert found.notes == ()


def test_the_error_holds_the_design_effect() -> None:
    """Published figures with an effective base have its error; one with an error has that."""
    plain, effective = printed("40", 400), printed("40", 400, effective=200.0)
    assert plain.se is not None
    assert effective.se == pytest.approx(plain.se * sqrt(2))
    assert printed("40", 400, se=3.5).se == 3.5
    assert change_of(effective, share(48, 500)).p > change_of(plain, share(48, 500)).p  # type: ignore[operator]


def test_rounding_of_published_figures() -> None:
    """A share printed as 40 may be 39.5 to 40.5: the interval is wider by that, and p takes the least."""
    exact, rounded = change_of(share(40, 400), share(48, 500)), change_of(printed("40", 400), share(48, 500))
    assert np.subtract(rounded.interval(), exact.interval()) == pytest.approx([-0.5, 0.5], abs=0.01)
    assert rounded.p == pytest.approx(change_of(share(40, 400), share(47.5, 500)).p, rel=0.02)
    assert [note.partition(" ")[0] for note in rounded.notes] == ["Published", "Published"]
    assert "wider by 0.5" in rounded.notes[1]
    assert len(change_of(printed("40.02", 400), share(48, 500)).notes) == 1


def test_intervals_cover() -> None:
    """The interval of the change holds the true one in 93 to 97 of 100 pairs of samples, rounding or not."""
    rng = np.random.default_rng(20251)
    kept = {"exact": 0, "rounded": 0}
    for then, now in zip(rng.binomial(150, 0.3, 2000), rng.binomial(220, 0.42, 2000), strict=True):
        a, b = 100 * then / 150, 100 * now / 220
        then_as = {"exact": share(a, 150), "rounded": printed(f"{half_up(a)}", 150)}
        for kind, first in then_as.items():
            low, high = change_of(first, share(b, 220)).interval() or (0, 0)
            kept[kind] += low <= 12 <= high
    assert 1860 <= kept["exact"] <= 1940
    assert kept["rounded"] >= kept["exact"]


@pytest.mark.parametrize(
    ("then", "now", "verdict"),
    [
        (share(40, 4000), share(48, 4000), "rose"),
        (share(40, 4000), share(44, 4000), "rose slightly"),
        (share(48, 4000), share(40, 4000), "fell"),
        (share(44, 4000), share(40, 4000), "fell slightly"),
        (share(40, 4000), share(40.2, 4000), "similar"),
        (share(40, 200), share(42, 200), "no significant change"),
        (share(40, 20), share(90, 20), ""),
        (share(100, 400), share(90, 400), ""),
        (share(40, 400), Point(60.0, None, 0, 400, 400.0), ""),
    ],
)
def test_what_may_be_said(then: Point, now: Point, verdict: str) -> None:
    """Words follow sign, test and equivalence; without an error or with a low base there are none."""
    assert change_of(then, now).verdict == verdict


def test_a_mean_is_never_slight_or_similar() -> None:
    """Points are those of shares: a mean that changed rose or fell, one that did not has no equivalence."""
    then, now = Point(2.0, 0.01, 399, 400, 400.0), Point(2.1, 0.01, 399, 400, 400.0)
    assert change_of(then, now, share=False).verdict == "rose"
    assert change_of(then, then, share=False).verdict == "no significant change"


def test_broken_is_refused() -> None:
    """Across a break there is no change to state, whatever the figures."""
    with pytest.raises(ToplineError, match="happy is broken since wave 2025: Other words"):
        change_of(
            share(40, 400), share(48, 500), status="broken", why="Other words.", wave="2025", name="happy"
        )


def test_another_base_rule_is_refused() -> None:
    """A share with those who do not know in its base is no share without them; nothing known is said."""
    then = share(40, 400, counted=("dont_know",))
    with pytest.raises(ToplineError, match="dont_know counted then, nobody without an answer counts now"):
        change_of(then, share(48, 500, counted=()))
    assert "is not known" in change_of(printed("40"), share(48, 500, counted=("dont_know",))).notes[-1]
    assert change_of(then, share(48, 500, counted=("dont_know",))).value == 8


def test_status_is_told() -> None:
    """A reason stands under the change."""
    found = change_of(share(40, 400), share(48, 500), status="comparable", why="One word changed.")
    assert found.notes == ("Comparable: One word changed.",)


# --- figures that others published


def published_changes(path: Path) -> list[tuple[str, str, str, str]]:
    """Every change of an official table of five years: what, then, now and the change, as printed."""
    found = []
    with path.open(encoding="latin-1", newline="") as file:
        for row in list(csv.reader(file))[1:]:
            values = [cell.strip().removesuffix("%") for cell in row[1:6]]
            for place, cell in enumerate(row[6:10]):
                if all(re.fullmatch(r"-?\d+", text.strip()) for text in (*values[place : place + 2], cell)):
                    found.append((row[0], *values[place : place + 2], cell.strip()))
    return found


@pytest.mark.parametrize(
    ("file", "n"), [("csps2013_benchmarks_20131125.csv", 395), ("csps2013_scs.csv", 311)]
)
def test_published_changes_of_the_people_survey(shared_data: Path, file: str, n: int) -> None:
    """All changes of two official tables of 2013 come out; they say that they are of rounded figures."""
    changes = published_changes(shared_data / "csps" / "2013" / file)
    assert len(changes) == n
    wrong = [what for what, then, now, said in changes if _shown(printed(then), printed(now)) != int(said)]
    assert wrong == []


def _shown(then: Point, now: Point) -> int:
    value = change_of(then, now).value
    assert value is not None
    return int(half_up(value))


def test_margins_of_the_guide(shared_data: Path) -> None:
    """The error of a published share with its base gives all 96 margins of the guide's table."""
    oracle = json.loads((shared_data / "csps" / "2013" / "method_oracles.json").read_text("utf-8"))
    table = oracle["margin_of_error_95pct"]
    found = [
        [half_up(1.96 * (printed(f"{100 * p:g}", n).se or 0.0)) for p in table["proportions"]]
        for n in table["respondents"]
    ]
    shown = [[str(margin) if margin else "<1" for margin in row] for row in found]
    assert shown == table["table"]
    assert sum(map(len, shown)) == 96


def test_the_guides_example_of_rounding(shared_data: Path) -> None:
    """The guide's example: 52.952 less 58.495 is printed as -6, though 53 less 58 is -5."""
    oracle = json.loads((shared_data / "csps" / "2013" / "method_oracles.json").read_text("utf-8"))
    example = oracle["rounding"]["tableB"]
    then, now = share(example["benchmark"], 4000), share(example["group"], 4000)
    assert _shown(then, now) == example["displayed_difference"] == -6
    assert _shown(printed("58"), printed("53")) == -5


def test_rises_of_the_summary(shared_data: Path) -> None:
    """Of the 62 core questions 36 rose on 2012, six of them by 3 points or more, as the summary says."""
    path = shared_data / "csps" / "2013" / "csps2013_benchmarks_20131125.csv"
    with path.open(encoding="latin-1", newline="") as file:
        rows = [row for row in csv.reader(file) if re.match(r"B\d\d", row[0])]
    assert len(rows) == 62
    values = [_shown(printed(row[4].strip(" %")), printed(row[5].strip(" %"))) for row in rows]
    assert (sum(value > 0 for value in values), sum(value >= 3 for value in values)) == (36, 6)


def test_what_printed_figures_hide(shared_data: Path) -> None:
    """Benchmarks of 2021 and 2022 have three decimals: 62 of 86 changes come out of whole figures, and no
    true change is further off than the rounding that is allowed for.
    """
    table = pl.read_parquet(shared_data / "csps" / "organisations.parquet")
    then, now = (_benchmark(table, year) for year in (2021, 2022))
    same = 0
    for name in sorted(then.keys() & now.keys()):
        exact = change_of(share(then[name], 4000), share(now[name], 4000))
        whole = change_of(*(printed(str(half_up(wave[name]))) for wave in (then, now)))
        assert exact.value is not None
        assert whole.value is not None
        assert abs(exact.value - whole.value) <= whole.half
        same += half_up(exact.value) == half_up(whole.value)
    assert (len(then.keys() & now.keys()), same) == (86, 62)


def _benchmark(table: pl.DataFrame, year: int) -> dict[str, float]:
    """The benchmark of a year by the short name of the measure."""
    rows = table.filter((pl.col("obj_year") == year) & pl.col("organisation").str.contains("enchmark"))
    pairs = rows.select("question_measure", "value").rows()
    return {
        re.split(r"[.:]", name.replace("\n", " "))[0].strip()[:4]: value
        for name, value in pairs
        if value is not None
    }
