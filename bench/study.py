"""How long it takes to load and check a large questionnaire, beside pyxform at the same size.

    python -m bench.study [--runs 7]

One questionnaire: 300 questions in 20 sections, 106 with a route, one scale, multiple responses, numbers,
texts. pyxform (the reference converter of XLSForm) gets the same questions, answers and routes as rows of its
sheets, checks them and writes an XForm. Each figure is the median of the runs with the least and the most, in
CPU milliseconds of this process, or of a fresh process where that is said.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.study_text import QUESTIONS, ROUTES, study_files, xlsform_sheets


def main() -> None:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=7, help="runs of each measurement (default: 7)")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        lines = _write(Path(folder))
        print(f"{QUESTIONS} questions, {ROUTES} routes, {lines} lines of YAML; {runs} runs, CPU ms\n")
        print(f"{'step':44} {'median':>8} {'least':>8} {'most':>8}")
        load = _show("load (read, shapes, build, parse routes)", _in_process(_load(folder), runs))
        check = _show("check (names, rules, reachability)", _in_process(_check(folder), runs))
        print(f"{'load + check':44} {load + check:8.1f}   (to reach: 300)")
        xform = _show("pyxform: sheets to XForm, same questions", _in_process(_pyxform(), runs))
        print(f"{'ratio pyxform / (load + check)':44} {xform / (load + check):8.2f}\n")
    start = _show("fresh process: python -c pass", _process(["-c", "pass"], runs))
    print(f"{'fresh process: topline --help':44} ", end="")
    _show("", _process(["-m", "topline", "--help"], runs), label=False)
    _show("fresh process: import topline", _process(["-c", "import topline"], runs))
    _show("fresh process: import topline.study", _process(["-c", "import topline.study"], runs))
    _show("fresh process: import pyxform", _process(["-c", "import pyxform"], runs))
    print(f"(a bare Python takes {start:.0f} of each; to reach for --help: 300)")


def _write(folder: Path) -> int:
    lines = 0
    for name, text in study_files().items():
        (folder / name).write_text(text, "utf-8")
        lines += text.count("\n")
    return lines


def _load(folder: str) -> Callable[[], object]:
    from topline.study import load

    return lambda: load(folder)


def _check(folder: str) -> Callable[[], object]:
    from topline.study import check_study, load

    study = load(folder).study
    assert study is not None
    findings = [finding for finding in check_study(study) if finding.severity != "note"]
    assert not findings, [str(finding) for finding in findings]
    return lambda: check_study(study)


def _pyxform() -> Callable[[], object]:
    from pyxform.xls2xform import convert

    sheets = xlsform_sheets()
    return lambda: convert(xlsform=sheets, validate=False, form_name="bench")


def _in_process(work: Callable[[], object], runs: int) -> list[float]:
    work()
    times = []
    for _ in range(runs):
        before = time.process_time()
        work()
        times.append((time.process_time() - before) * 1000)
    return times


def _process(arguments: list[str], runs: int) -> list[float]:
    """CPU time of fresh processes, user and system together."""
    times = []
    for run in range(runs + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        if run:  # the first one may write byte code
            times.append(spent * 1000)
    return times


def _show(what: str, times: list[float], *, label: bool = True) -> float:
    median = statistics.median(times)
    print(f"{what:44} " * label + f"{median:8.1f} {min(times):8.1f} {max(times):8.1f}")
    return median


if __name__ == "__main__":
    main()
