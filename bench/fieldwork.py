"""What an interview costs the server, beside a bare loop; what a killed server loses; what odd requests do.

    python -m bench.fieldwork [speed] [crash] [fuzz] [--people 50] [--interviews 1000] [--postgresql URL]

speed: 6 pages, 12 questions, 50 people at once who never think, on this machine's cores, the driver beside
them. CPU is that of the server's processes, as the kernel counts it. The bare loop serves pages of the
same number from the same server program and writes each page to SQLite with synchronous=FULL; it keeps no
promise. crash: 500 people at once while the server and its workers are killed with -9 twenty times; then the
survey is closed and what was released is compared with what was acknowledged. fuzz: 100,000 requests of every
wrong kind to `respond.handle`: how many answers are a 5xx, and whether memory grows.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import os
import resource
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench.fieldwork_driver import Seen, crowd
from bench.fieldwork_study import write_study

SECRET = secrets.token_urlsafe(32)
BASE = "/s/bench"


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", choices=["speed", "crash", "fuzz", []], help="default: all three")
    parser.add_argument("--people", type=int, default=50, help="how many answer at once (default: 50)")
    parser.add_argument("--interviews", type=int, default=1000, help="of each system (default: 1000)")
    parser.add_argument("--requests", type=int, default=100_000, help="of the fuzz (default: 100,000)")
    parser.add_argument("--workers", type=int, default=1, help="of Topline's server (default: 1)")
    parser.add_argument("--postgresql", metavar="URL", help="an empty database, measured as well")
    args = parser.parse_args()
    parts = args.parts or ["speed", "crash", "fuzz"]
    if "speed" in parts:
        speed(args)
    if "crash" in parts:
        crash(args.postgresql)
    if "fuzz" in parts:
        from bench.fieldwork_fuzz import fuzz

        fuzz(args.requests)


# --- speed


def speed(args: argparse.Namespace) -> None:
    """The same interviews on each system in turn."""
    print(f"speed: {args.interviews} interviews of 6 pages and 12 questions, {args.people} people at once\n")
    print(f"{'system':32} {'CPU s':>8} {'CPU ms':>8} {'requests':>9} {'p50':>7} {'p95':>7} {'answers':>8}")
    print(f"{'':32} {'interview':>8} {'request':>8} {'a second':>9} {'ms':>7} {'ms':>7} {'lost':>8}")
    with tempfile.TemporaryDirectory() as folder:
        floor = _floor(Path(folder), args)
    stores = [
        ("Topline, SQLite", "main.db"),
        *([("Topline, PostgreSQL", args.postgresql)] if args.postgresql else []),
    ]
    for name, store in stores:
        with tempfile.TemporaryDirectory() as folder:
            cpu = _topline(Path(folder), store, name, args)
            print(
                f"{'':32} {cpu / floor:8.2f} times the bare loop (to reach: 0.03 s an interview, p95 150 ms)"
            )


def _floor(folder: Path, args: argparse.Namespace) -> float:
    port = _port()
    with _running(
        [sys.executable, "-m", "bench.fieldwork_floor", str(folder / "floor.db"), str(port)], Path.cwd(), port
    ) as process:
        people = [(number, f"t{number}") for number in range(args.interviews)]
        return _measure("bare loop, SQLite", process, people, port, "", args.people)


def _topline(folder: Path, store: str, name: str, args: argparse.Namespace) -> float:
    people = launch(folder, store, args.interviews + 50)
    port = _port()
    command = _serve(store, port, args.workers)
    with _running(command, folder, port) as process:
        asyncio.run(crowd(people[:50], 10, lambda: port, BASE))  # warm
        return _measure(name, process, people[50:], port, BASE, args.people)


def _measure(
    name: str,
    process: subprocess.Popen[bytes],
    people: list[tuple[int, str]],
    port: int,
    base: str,
    at_once: int,
) -> float:
    before, started = _cpu(process.pid), time.perf_counter()
    seen = asyncio.run(crowd(people, at_once, lambda: port, base))
    clock, cpu = time.perf_counter() - started, _cpu(process.pid) - before
    ms = sorted(1000 * each for each in seen.seconds)
    each = cpu / len(people)
    rate, late, lost = len(ms) / clock, ms[int(0.95 * len(ms))], len(people) - len(seen.sent)
    print(
        f"{name:32} {each:8.4f} {1000 * cpu / len(ms):8.2f} {rate:9.0f} {statistics.median(ms):7.1f}"
        f" {late:7.1f} {lost:8}"
    )
    for each_strange in seen.strange[:3]:
        print(f"    strange: {each_strange}")
    return each


# --- crash


def crash(postgresql: str | None, at_once: int = 500, kills: int = 20) -> None:
    """Kill the whole server again and again under a crowd; close; compare."""
    print(f"\ncrash: {at_once} people at once, the server killed with -9 {kills} times")
    for store in ["main.db", *([postgresql] if postgresql else [])]:
        with tempfile.TemporaryDirectory() as folder:
            _crash(Path(folder), store, at_once, kills)


def _crash(folder: Path, store: str, at_once: int, kills: int) -> None:
    people = launch(folder, store, at_once * 4)
    port = _port()
    seen = asyncio.run(_killed(folder, store, people, port, at_once, kills))
    _topline_verb(folder, "close", "study", "--store", store, "--vault", "vault", "--yes")
    _topline_verb(folder, "export", "study", "--store", store, "-o", "a.csv")
    with (folder / "a.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = [int(row["q5b"]) for row in rows]
    torn = sum(row["q6b"] != f"person {row['q5b']} says: nothing else" for row in rows)
    print(
        f"  {'PostgreSQL' if '://' in store else 'SQLite':10} thanked {len(seen.sent)}, released {len(rows)}:"
        f" lost {len(seen.sent - set(found))}, twice {len(found) - len(set(found))}, torn {torn};"
        f" {len(seen.saved)} pages acknowledged, {seen.again} of them asked again;"
        f" {seen.broken} connections broken, {len(seen.strange)} strange answers"
    )
    for each in seen.strange[:3]:
        print(f"    strange: {each}")


async def _killed(
    folder: Path, store: str, people: list[tuple[int, str]], port: int, at_once: int, kills: int
) -> Seen:
    """The crowd, and beside it somebody who kills the server and starts it again."""
    process = _started(_serve(store, port, 1), folder)
    await asyncio.to_thread(_wait, port)
    task = asyncio.create_task(crowd(people, at_once, lambda: port, BASE, patience=300))
    done = 0
    try:
        while not task.done():
            await asyncio.sleep(0.6)
            if done < kills and not task.done():
                os.killpg(process.pid, signal.SIGKILL)
                await asyncio.to_thread(process.wait)
                process = _started(_serve(store, port, 1), folder)
                await asyncio.to_thread(_wait, port)
                done += 1
        print(f"  killed {done} times")
        return await task
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


# --- what they share


def launch(folder: Path, store: str, people: int) -> list[tuple[int, str]]:
    """Launch the survey for people; return number and token of each."""
    from topline.web.keys import derive, token_of
    from topline.web.store.engines import engine_of
    from topline.web.vault.folder import Vault

    write_study(folder, people)
    _topline_verb(folder, "frame", "load", "study", "people.csv", "--store", store)
    _topline_verb(folder, "launch", "study", "--vault", "vault", "--store", store)
    vault = Vault(folder / "vault", "bench")
    key = derive(SECRET.encode(), "link", vault.salt)
    vault.close()
    with closing(engine_of(store if "://" in store else str(folder / store))) as engine:
        rows = engine.rows("select id, generation from invite where study = 'bench' order by id")
    return [(invite, token_of(key, "bench", invite, generation)) for invite, generation in rows]


def _topline_verb(folder: Path, *verb: str) -> None:
    command = [sys.executable, "-m", "topline", *verb]
    done = subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{verb[0]}: {done.stderr.strip()}\n(a database of PostgreSQL must be empty)")


def _serve(store: str, port: int, workers: int) -> list[str]:
    served = ["serve", "study", "--store", store, "--vault", "vault", "--base", f"http://127.0.0.1:{port}"]
    return [sys.executable, "-m", "topline", *served, "--port", str(port), "--workers", str(workers)]


def _environment() -> dict[str, str]:
    root = Path(__file__).resolve().parents[1]
    return os.environ | {"TOPLINE_SECRET": SECRET, "PYTHONPATH": f"{root / 'src'}:{root}"}


def _started(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, cwd=folder, env=_environment(), stdout=subprocess.DEVNULL, start_new_session=True
    )


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = _started(command, folder)
    try:
        _wait(port)
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _wait(port: int) -> None:
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the server does not answer")


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _cpu(group: int) -> float:
    """CPU seconds of every process of a group so far."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory() -> float:
    """Megabytes that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
