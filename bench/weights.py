"""Task D: rake a million people to department, grade x age and region, beside other programs.

    python -m bench.weights [--n 1000000] [--runs 3]

The same codes, base weights and counts for all: 24 departments, 8 grades x 6 ages, 15 regions (17,280 cells).
Each program gets its data in the form that it takes (arrays, pandas, polars), made beforehand, and a
tolerance of 1e-10 or what comes nearest to it. Printed: the median of the runs in CPU seconds of this process
(all its threads) and in seconds by the clock, the ratio of CPU to Topline's, and how far the worst margin is
off, relative, worked out here from the weights. A program that is not installed is named as not run.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from topline.weights import Distance, Margin, calibrate, crossed, rake

SIZES = {"department": 24, "grade": 8, "age": 6, "region": 15}


@dataclass(frozen=True)
class Task:
    """Base weights (n,) and the three margins."""

    base: np.ndarray
    margins: tuple[Margin, Margin, Margin]


def make_task(n: int) -> Task:
    """People in groups that depend on each other; the counts are those of some weights, so they agree."""
    random = np.random.default_rng(20)
    leaning = random.normal(size=n)  # what makes department, grade, age and region go together
    codes = {}
    for name, k in SIZES.items():
        place = 0.6 * leaning + 0.8 * random.normal(size=n)
        cuts = np.quantile(place, np.cumsum(random.dirichlet(np.full(k, 4.0)))[:-1])
        codes[name] = random.permutation(k).astype(np.uint8)[np.searchsorted(cuts, place)]
    base = random.lognormal(0.0, 0.3, n)
    wanted = base * (1 + 0.5 * random.random(SIZES["department"])[codes["department"]])
    wanted *= (1 + 0.5 * random.random(SIZES["grade"] * SIZES["age"]))[
        codes["grade"] * np.uint8(6) + codes["age"]
    ]
    wanted *= 3.0 / wanted.mean()
    plain = {name: _margin(name, codes[name], k, wanted) for name, k in SIZES.items()}
    table = np.bincount(codes["grade"].astype(int) * 6 + codes["age"], wanted, minlength=48).reshape(8, 6)
    pairs = crossed("grade x age", (plain["grade"], plain["age"]), table)
    return Task(base, (plain["department"], pairs, plain["region"]))


def _margin(name: str, codes: np.ndarray, k: int, wanted: np.ndarray) -> Margin:
    return Margin(name, codes, np.bincount(codes, wanted, minlength=k), tuple(map(str, range(k))))


def off(task: Task, weights: np.ndarray) -> float:
    """How far the worst group is from its count, as a share of it."""
    return max(float(np.abs(m.sums(weights) / m.counts - 1).max()) for m in task.margins)


def row_fitting(task: Task) -> np.ndarray:
    """Iterative fitting over people in plain numpy, to 1e-10."""
    weights, index = task.base.copy(), [m.codes.astype(np.intp) for m in task.margins]
    for _ in range(1000):
        worst = 0.0
        for margin, codes in zip(task.margins, index, strict=True):
            factors = margin.counts / np.bincount(codes, weights, minlength=len(margin.counts))
            worst = max(worst, float(np.abs(factors - 1).max()))
            weights *= factors[codes]
        if worst < 1e-10:
            break
    return weights


def with_svy(task: Task) -> Callable[[], np.ndarray]:
    """Peer svy (Polars and Rust)."""
    import polars as pl
    import svy

    names = [f"m{place}" for place in range(3)]
    columns = {name: m.codes.astype(np.int64) for name, m in zip(names, task.margins, strict=True)}
    sample = svy.Sample(pl.DataFrame({**columns, "w": task.base}), svy.Design(wgt="w"))
    controls = {name: dict(enumerate(m.counts)) for name, m in zip(names, task.margins, strict=True)}

    def run() -> np.ndarray:
        found = sample.weighting.rake(controls=controls, tol=1e-10, max_iter=1000, wgt_name="raked")
        return np.asarray(found.data["raked"].to_numpy())

    return run


def with_leafblower(task: Task) -> Callable[[], np.ndarray]:
    """Peer leafblower (C++): shares as targets."""
    import leafblower
    import pandas as pd

    columns = {f"m{place}": m.codes.astype(str) for place, m in enumerate(task.margins)}
    frame = pd.DataFrame(columns)
    targets = {
        f"m{place}": {str(k): share for k, share in enumerate(m.counts / m.counts.sum())}
        for place, m in enumerate(task.margins)
    }
    total = task.margins[0].counts.sum()

    def run() -> np.ndarray:
        found = leafblower.harvest(
            frame, targets, start_weights=task.base, max_weight=1e6, convergence={"absolute": 1e-10}
        )
        weights = np.asarray(found["weights"], dtype=np.float64)
        return weights * (total / weights.sum())

    return run


def with_weightipy(task: Task) -> Callable[[], np.ndarray]:
    """Peer weightipy (pandas): percentages as targets; it starts from ones, whatever the base weights."""
    import pandas as pd
    import weightipy

    frame = pd.DataFrame({f"m{place}": m.codes.astype(np.int64) for place, m in enumerate(task.margins)})
    targets = {
        f"m{place}": dict(enumerate(100 * m.counts / m.counts.sum())) for place, m in enumerate(task.margins)
    }
    total = task.margins[0].counts.sum()

    def run() -> np.ndarray:
        scheme = weightipy.scheme_from_dict(targets)
        found = weightipy.weight_dataframe(frame, scheme, weight_column="raked")["raked"].to_numpy()
        return np.asarray(found * (total / found.sum()))

    return run


def measured(run: Callable[[], np.ndarray], runs: int) -> tuple[float, float, np.ndarray]:
    """Median CPU and clock seconds, and the weights."""
    cpu, wall = [], []
    weights = np.empty(0)
    for _ in range(runs):
        before = time.process_time(), time.perf_counter()
        weights = run()
        cpu.append(time.process_time() - before[0])
        wall.append(time.perf_counter() - before[1])
    return statistics.median(cpu), statistics.median(wall), weights


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=1_000_000, help="people (default: 1,000,000)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each program (default: 3)")
    args = parser.parse_args(arguments)
    task = make_task(args.n)
    nearest = Distance("raking")
    ours: dict[str, Callable[[], np.ndarray]] = {
        "Topline, rake": lambda: rake(task.base, task.margins).weights,
        "Topline, calibrate (raking distance)": lambda: calibrate(task.base, task.margins, nearest).weights,
        "Topline, calibrate (linear)": lambda: calibrate(task.base, task.margins).weights,
        "numpy, fitting over people": lambda: row_fitting(task),
    }
    peers = {"svy": with_svy, "leafblower": with_leafblower, "weightipy": with_weightipy}
    print(f"{args.n:,} people, {rake(task.base, task.margins).cells:,} cells, median of {args.runs} runs\n")
    print(f"{'program':38} {'CPU s':>8} {'clock s':>8} {'ratio':>7} {'worst margin off':>17}")
    first = 0.0
    for name, run in ours.items():
        first = _line(name, run, args.runs, task, first)
    for name, make in peers.items():
        if importlib.util.find_spec(name) is None:
            print(f"{name:38} not run: pip install {name}")
        else:
            _line(name, make(task), args.runs, task, first)


def _line(name: str, run: Callable[[], np.ndarray], runs: int, task: Task, first: float) -> float:
    cpu, wall, weights = measured(run, runs)
    first = first or cpu
    print(f"{name:38} {cpu:8.3f} {wall:8.3f} {cpu / first:7.1f} {off(task, weights):17.1e}")
    return first


if __name__ == "__main__":
    main()
