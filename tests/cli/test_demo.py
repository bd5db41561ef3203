"""`make demo`, as a newcomer meets it: two studies from question to checked sentence."""

from __future__ import annotations

import csv
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from topline.cli import FINDINGS, FINE, WRONG_USE, main

ENVIRONMENT = {**os.environ, "PYTHONPATH": "src"}


@pytest.fixture(scope="module")
def demo(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The demo's files, and what it printed."""
    output = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "topline", "demo", "--no-serve", "-o", str(output)]
    done = subprocess.run(
        command,
        cwd=root,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == FINE, done.stderr
    return output, done.stdout


def test_what_the_demo_says(demo: tuple[Path, str]) -> None:
    """It makes 2,439 people, sends some through the pages, and no checked claim of either report fails."""
    said = demo[1]
    assert "2,439 made-up people, 36 of them through the pages" in said
    assert "Digital Public Services Survey: 2,439 respondents. 19 claims checked, 0 wrong;" in said
    assert "5,836 respondents. 17 claims checked, 0 wrong;" in said


def test_the_published_counts_come_out(demo: tuple[Path, str]) -> None:
    """The answers have the numbers of people that the report of 2013 prints."""
    with (demo[0] / "digital-public-services" / "answers.csv").open(encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    assert len(rows) == 2439
    by_department = [row["department"] for row in rows]
    assert [by_department.count(str(code)) for code in range(1, 12)] == [
        720, 441, 123, 106, 95, 84, 73, 61, 55, 51, 50,
    ]  # fmt: skip
    grades = [row["seniority"] for row in rows]
    assert (grades.count("1"), grades.count("2"), len(grades)) == (606, 1774, 606 + 1774 + 59)


def test_made_up_answers_say_so(demo: tuple[Path, str]) -> None:
    """The page of made-up answers says so at its top and in each drawing; the real one does not."""
    made = (demo[0] / "digital-public-services/digital-public-services-report/index.html").read_text("utf-8")
    real = (demo[0] / "non-voters-2020/non-voters-2020-report/index.html").read_text("utf-8")
    assert made.count("Rehearsal: made-up answers") > made.count('role="img"') > 0
    assert "made-up" not in real
    assert "Rehearsal" not in real


def test_weighted_beside_unweighted(demo: tuple[Path, str]) -> None:
    """Tables of the 2013 study stand unweighted, as published, and beside it weighted to made-up counts."""
    made = (demo[0] / "digital-public-services/digital-public-services-report/index.html").read_text("utf-8")
    assert "Unweighted: every respondent counts once." in made
    assert "Weighted to population counts by department" in made


def test_served(root: Path, tmp_path: Path) -> None:
    """Without --no-serve, the pages that ask and both reports are at 127.0.0.1 until it is stopped."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "topline", "demo", "-o", str(tmp_path), "--port", str(port)],
        cwd=root,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        first = _get(f"http://127.0.0.1:{port}/", server)
        assert "Digital Public Services Survey" in first
        for page in (
            "/s/digital_public_services/",
            "/report/digital-public-services-report/",
            "/report/non-voters-2020-report/",
        ):
            assert page in first
            assert "<h1" in _get(f"http://127.0.0.1:{port}{page}", server)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


def _get(url: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return str(response.read().decode("utf-8"))
        except OSError:
            assert server.poll() is None, "the server has stopped"
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


def test_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Away from the project's folder the demo says where its examples are looked for."""
    assert main(["demo", "--examples", str(tmp_path), "--no-serve"]) == WRONG_USE
    assert "name its folder with --examples" in capsys.readouterr().err


def test_people_without_a_grade_stand_in_the_base_table(demo: tuple[Path, str]) -> None:
    """The base table has the column that the report of 2013 prints: 59 people gave no grade, 2%."""
    page = (demo[0] / "digital-public-services/digital-public-services-report/index.html").read_text("utf-8")
    words = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    assert "Senior group 606 25% Junior group 1,774 73% No grade information supplied 59 2%" in words


def test_readme_shows_the_real_message(
    demo: tuple[Path, str], root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """README.md's wrong sentence, put into the report of the demo, gets the message that stands below it."""
    readme = (root / "README.md").read_text("utf-8")
    (wrong,) = re.findall(r"^\[.*\]\(#skills=agree\) agree", readme, re.M)
    (message,) = re.findall(r"^report\.md:\d+:\d+ (error: .*)$", readme, re.M)
    study = tmp_path / "study"
    shutil.copytree(root / "examples" / "digital-public-services", study)
    prose = (study / "report.md").read_text("utf-8")
    said = re.sub(r"\[[^\]]*\]\(#skills=agree\) agree", wrong, prose)
    assert said != prose
    (study / "report.md").write_text(said, "utf-8")
    answers = demo[0] / "digital-public-services" / "answers.csv"
    assert main(["report", str(study), "--data", str(answers), "-o", str(tmp_path / "out")]) == FINDINGS
    assert message in capsys.readouterr().out
