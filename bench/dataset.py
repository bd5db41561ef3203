"""How long it takes to load answers: our Parquet beside Polars, pandas and pyreadstat on the same people.

    python -m bench.dataset [--people 1000000] [--runs 5]

40 five-point items and 5 demographics with 89 levels in all, with labels. Our Parquet gives typed columns,
codebook and study; Polars and pandas read its columns as they are; pyreadstat reads the .sav file that we
wrote of the same answers, and `read` makes a data set of it. Median of the runs with the least and the most,
CPU seconds of this process (all threads) and seconds on the clock.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import polars as pl

from topline.dataset import Dataset, read, write
from topline.dataset.files.arrive import arrange
from topline.dataset.files.raw import RawColumn, RawFile

LEVELS = (2, 6, 12, 20, 49)


def main() -> None:
    """Make the people, write them, read them in every way."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=1_000_000, help="how many (default: 1,000,000)")
    parser.add_argument("--runs", type=int, default=5, help="runs of each measurement (default: 5)")
    parser.add_argument("--no-sav", action="store_true", help="leave out .sav, which takes most of the time")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ours, sav = Path(folder) / "answers.parquet", Path(folder) / "answers.sav"
        data = people(args.people)
        print(f"{args.people:,} people, {len(data.columns)} columns; {args.runs} runs\n")
        print(f"{'':44} {'CPU s':>8} {'clock s':>8} {'least':>8} {'most':>8}")
        show("write our Parquet", lambda: write(data, ours), 1)
        loaded = show("our Parquet: columns, codebook, study", lambda: read(ours), args.runs)
        show("Polars: the columns of that file", lambda: pl.read_parquet(ours), args.runs)
        if find_spec("pandas") and find_spec("pyarrow"):
            import pandas as pd

            show("pandas (pyarrow): the columns of that file", lambda: pd.read_parquet(ours), args.runs)
        else:
            print("pandas: not installed here (pip install pandas pyarrow)")
        if not args.no_sav:
            import pyreadstat

            show("write .sav", lambda: write(data, sav), 1)
            outside = show("pyreadstat: .sav", lambda: pyreadstat.read_sav(sav, output_format="polars"), 1)
            show("read: .sav, codes, codebook, study", lambda: read(sav), 1)
            print(f"\nratio pyreadstat / our Parquet, CPU: {outside / loaded:.0f}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sizes = ", ".join(f"{f.suffix} {f.stat().st_size / 1e6:,.0f} MB" for f in (ours, sav) if f.exists())
        print(f"files: {sizes}; peak memory of it all: {peak:,.0f} MB")
    print("(to reach: our Parquet of 1,000,000 people in 0.5 s)")


def people(n: int) -> Dataset:
    """Made-up answers with labels, the same in every run."""
    rng = np.random.default_rng(4)
    levels = [*(("item", 5) for _ in range(40)), *(("group", k) for k in LEVELS)]
    columns = tuple(
        RawColumn(
            f"{kind}_{place}",
            pl.Series(rng.integers(1, k + 1, n).astype(np.float64)),
            labels={"en": f"{kind.capitalize()} {place}"},
            value_labels={float(code): {"en": f"Answer {code}"} for code in range(1, k + 1)},
        )
        for place, (kind, k) in enumerate(levels)
    )
    return arrange(RawFile(n, columns, languages=("en",)), "bench")


def show(what: str, work: Callable[[], object], runs: int) -> float:
    """Print the median of the runs; give its CPU seconds."""
    cpu, clock = [], []
    for _ in range(runs):
        before, started = time.process_time(), time.perf_counter()
        work()
        cpu.append(time.process_time() - before)
        clock.append(time.perf_counter() - started)
    median = statistics.median(cpu)
    print(f"{what:44} {median:8.3f} {statistics.median(clock):8.3f} {min(clock):8.3f} {max(clock):8.3f}")
    return median


if __name__ == "__main__":
    main()
