"""Tables at scale: 40 items of five answers by 5 variables with 89 groups, 240 strata, log-normal weights.

`python -m bench.estimates [PEOPLE]` (100,000 unless said). A: weighted shares of every item by every group,
with linearised errors, logit intervals, three bases, cells as values. R: the same with weights raked to three
of the variables, and errors of residuals. C: the weighted tables of all 45 by 45
variables. E: Rao and Scott's test of every item by the variable with 40 groups. N: all tables of
examples/non-voters-2020 from its CSV, in a fresh process each, from its start to the file. Peers run where
they are installed; those that would take minutes do some items only, and their seconds are scaled up.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # with more, CPU seconds are those of waiting threads
import numpy as np

LEVELS = (5, 8, 12, 24, 40)
STRATA, ITEMS, ANSWERS = 240, 40, 5
Data = dict[str, np.ndarray]


def data(n: int) -> Data:
    """People with a stratum h, weights w, items q0 to q39 and variables d0 to d4."""
    rng = np.random.default_rng(1)
    found: Data = {"h": rng.integers(0, STRATA, n).astype(np.uint8), "w": rng.lognormal(0, 0.5, n)}
    found |= {f"q{i}": rng.integers(0, ANSWERS, n).astype(np.uint8) for i in range(ITEMS)}
    found |= {f"d{i}": rng.integers(0, k, n).astype(np.uint8) for i, k in enumerate(LEVELS)}
    return found


def topline(people: Data) -> dict[str, Callable[[], object]]:
    """The tasks in Topline, objects and labels included."""
    from topline.designs import Design
    from topline.estimates import Groups, Item, association, bases_of, means, pair_tables, scan
    from topline.tables.cells import CellRow, grid_of
    from topline.weights import Margin, rake

    answers = np.eye(ANSWERS)
    labels = [[f"d{i} = {group}" for group in range(k)] for i, k in enumerate(LEVELS)]

    def item(name: str, width: int = ANSWERS) -> Item:
        return Item(people[name], width, bases_of(np.eye(width)))

    def design() -> Design:
        return Design("design", people["w"], people["h"].astype(np.intp), tuple(map(str, range(STRATA))))

    def a(weighted: Design | None = None) -> object:
        blocks = [Groups(people[f"d{i}"], k) for i, k in enumerate(LEVELS)]
        cells = scan(weighted or design(), [item(f"q{i}") for i in range(ITEMS)], blocks)
        grids = [grid_of(means(one, answers), np.ones(ANSWERS, dtype=bool)) for one in cells]
        return [(labels, [CellRow(grid, row) for row in range(ANSWERS)]) for grid in grids]

    rng = np.random.default_rng(3)
    counts = {i: 1e6 * rng.dirichlet(np.full(LEVELS[i], 20.0)) for i in (0, 1, 4)}
    margins = [Margin(f"d{i}", people[f"d{i}"], found, tuple(labels[i])) for i, found in counts.items()]
    raked = rake(people["w"], margins)

    def r() -> object:
        return a(raked.design(design()))

    def c() -> object:
        every = [item(f"q{i}") for i in range(ITEMS)] + [item(f"d{i}", k) for i, k in enumerate(LEVELS)]
        tables = pair_tables(people["w"], every)
        return [tables[i, j] for i in range(len(every)) for j in range(i)]

    def e() -> object:
        one = design()
        return [association(one, people["d4"], 40, people[f"q{i}"], ANSWERS) for i in range(ITEMS)]

    return {"A": a, "R": r, "C": c, "E": e}


def polars(people: Data) -> dict[str, Callable[[], object]]:
    """Sums of weights by group, without errors."""
    import polars as pl

    frame = pl.DataFrame(people)
    pairs = [(f"d{j}", f"q{i}") for i in range(ITEMS) for j in range(5)]
    every = [*(f"q{i}" for i in range(ITEMS)), *(f"d{j}" for j in range(5))]
    both = [(a, b) for at, a in enumerate(every) for b in every[:at]]
    return {
        "A": lambda: [frame.group_by(pair).agg(pl.col("w").sum(), pl.len()) for pair in pairs],
        "C": lambda: [frame.group_by(pair).agg(pl.col("w").sum()) for pair in both],
    }


def pandas(people: Data) -> dict[str, Callable[[], object]]:
    """Sums of weights by group, without errors."""
    import pandas as pd

    frame = pd.DataFrame(people)
    pairs = [[f"d{j}", f"q{i}"] for i in range(ITEMS) for j in range(5)]
    return {"A": lambda: [frame.groupby(pair)["w"].agg(["sum", "size"]) for pair in pairs]}


def duckdb(people: Data) -> dict[str, Callable[[], object]]:
    """Sums of weights by group, without errors, on one thread."""
    import duckdb as db
    import polars as pl

    with tempfile.TemporaryDirectory() as folder:
        pl.DataFrame(people).write_parquet(f"{folder}/people.parquet")
        link = db.connect(config={"threads": 1})
        link.execute(f"create table people as select * from '{folder}/people.parquet'")
    pairs = [(f"d{j}", f"q{i}") for i in range(ITEMS) for j in range(5)]
    sql = "select {0}, {1}, sum(w), count(*) from people group by {0}, {1}"
    return {"A": lambda: [link.execute(sql.format(*pair)).fetchall() for pair in pairs]}


def svy(people: Data) -> dict[str, Callable[[], object]]:
    """Shares with errors of one item by the five variables, and one test."""
    import polars as pl
    import svy as peer

    sample = peer.Sample(pl.DataFrame(people), peer.Design(stratum="h", wgt="w"))
    return {
        "A/40": lambda: [sample.estimation.prop("q0", by=f"d{j}") for j in range(5)],
        "E/40": lambda: sample.categorical.tabulate("d4", "q0"),
    }


R = """
suppressMessages(library(survey))
x <- read.csv("people.csv")
for (name in c("q0", paste0("d", 0:4))) x[[name]] <- factor(x[[name]])
design <- svydesign(id = ~1, strata = ~h, weights = ~w, data = x)
a <- system.time(for (by in c(~d0, ~d1, ~d2, ~d3, ~d4)) svyby(~q0, by, design, svymean))
e <- system.time(svychisq(~d4 + q0, design))
cat("A/40", sum(a[1:2]), "\\nE/40", sum(e[1:2]), "\\n")
"""


def in_r(people: Data) -> dict[str, float]:
    """R's survey: one item by the five variables, and one test; CPU seconds by its own clock."""
    with tempfile.TemporaryDirectory() as folder:
        columns = ["h", "w", "q0", *(f"d{j}" for j in range(5))]
        table = np.column_stack([people[name] for name in columns])
        np.savetxt(Path(folder, "people.csv"), table, "%.9g", ",", header=",".join(columns), comments="")
        done = subprocess.run(["Rscript", "-e", R], cwd=folder, capture_output=True, text=True, check=True)
    return {task: float(seconds) for task, seconds in map(str.split, done.stdout.strip().splitlines())}


def timed(run: Callable[[], object], times: int) -> tuple[list[float], list[float]]:
    """CPU and wall seconds of each run."""
    cpu, wall = [], []
    for _ in range(times):
        a, b = time.process_time(), time.perf_counter()
        run()
        cpu.append(time.process_time() - a)
        wall.append(time.perf_counter() - b)
    return cpu, wall


def example(ending: str, times: int = 7) -> None:
    """Task N: a line for one format of the example's tables."""
    study = Path(__file__).parents[1] / "examples" / "non-voters-2020"
    cpu, wall = [], []
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "topline", "tables", str(study), "-o", f"{folder}/tables.{ending}"]
        for _ in range(times):
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            wall.append(time.perf_counter() - start)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    spread = f"{min(cpu):8.3f}, median {median(cpu):.3f}   wall {min(wall):.3f}, median {median(wall):.3f}"
    print(f"topline  N     {spread}   .{ending}, a fresh process each")


def main() -> None:
    """Print a line for each tool and task, with its ratio to Topline."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    people = data(n)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    best: dict[str, float] = {}
    print(f"{n:,} people; CPU and wall seconds, least and most of the runs")
    for task, run in topline(people).items():
        first, _ = timed(run, 1)
        cpu, wall = timed(run, 5)
        best[task] = min(cpu)
        spread = f"{min(cpu):8.3f} to {max(cpu):.3f}   wall {min(wall):.3f} to {max(wall):.3f}"
        print(f"topline  {task:5} {spread}   first call {first[0]:.2f}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"         memory: {before} MB with the data, {peak} MB at the peak so far")
    for ending in ("json", "xlsx"):
        example(ending)
    for tool in (polars, pandas, duckdb, svy):
        if find_spec(tool.__name__) and (tool is not svy or n <= 100_000):
            for task, run in tool(people).items():
                _say(tool.__name__, task, timed(run, 1)[0][0], best)
    if shutil.which("Rscript") and n <= 100_000:
        for task, seconds in in_r(people).items():
            _say("R", task, seconds, best)


def _say(tool: str, task: str, cpu: float, best: dict[str, float]) -> None:
    whole = cpu * 40 if task.endswith("/40") else cpu
    scaled = f" (one item of 40: {cpu:.2f})" if task.endswith("/40") else ""
    print(f"{tool:8} {task[0]:5} {whole:8.3f}   {whole / best[task[0]]:.0f} times Topline{scaled}")


if __name__ == "__main__":
    main()
