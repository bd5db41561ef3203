"""The page on running a survey: its commands print what it says, its settings are read by their programs."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.docs.pages import Block, alike, blocks, commands, typed
from tests.web.fields import SECRET, STUDIES

from topline.cli import main

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "operate.md"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A launched study as the page before this one leaves it."""
    shutil.copytree(STUDIES / "every-kind", tmp_path / "study")
    lines = [f"p{n}@office.example,{1 + n % 2}" for n in range(40)]
    (tmp_path / "people.csv").write_text("\n".join(["email,department", *lines]), "utf-8")
    (tmp_path / "stick").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOPLINE_SECRET", SECRET.decode())
    monkeypatch.setenv("TOPLINE_VAULT", "vault")
    for line in ("frame load study people.csv", "launch study --vault vault", "vault copy study stick"):
        assert main(line.split()) == 0
    return tmp_path


def named(language: str) -> Block:
    """The block of a language."""
    return next(block for block in blocks(PAGE) if block.language == language)


def test_commands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Backup, restore from the stick, close and retire print what the page says."""
    capsys.readouterr()
    done = []
    for block in blocks(PAGE):
        for command, expected in commands(block) if block.language == "console" else ():
            printed = typed(command, folder)
            assert alike(expected, printed), f"{PAGE.name}:{block.line}: {command} printed\n{printed}"
            done.append(command.split()[1])
    assert done == ["backup", "restore", "close", "retire"]


def test_what_is_left_table(folder: Path) -> None:
    """Each command of the table restores the backup that the page made."""
    assert main(["backup", "study", "-o", "monday.zip"]) == 0
    rows = re.findall(r"^\| .*? \| `topline (restore [^`]+)` \|", PAGE.read_text("utf-8"), re.M)
    assert len(rows) == 3
    for number, row in enumerate(rows):
        where = row.replace("-o new", f"-o new{number}").replace("new-vault", f"new-vault{number}")
        assert main(where.split()) == 0, row
        assert (folder / f"new{number}" / "every_kind" / "fieldwork.db").is_file()


@pytest.mark.skipif(not shutil.which("nginx"), reason="needs nginx: apt install nginx-light")
def test_nginx_reads_its_settings(tmp_path: Path) -> None:
    """Nginx takes the page's settings, and they log no request."""
    text = named("nginx").text
    assert text.count("access_log off;") == 2
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=s -keyout survey.key -out survey.pem"
    )
    subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    text = text.replace("/etc/ssl/", f"{tmp_path}/").replace("/var/log/nginx/", f"{tmp_path}/")
    whole = f"pid {tmp_path}/pid; events {{}} http {{ {text} }}"
    (tmp_path / "nginx.conf").write_text(whole, "utf-8")
    found = subprocess.run(
        ["nginx", "-t", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd: apt install systemd")
def test_systemd_reads_its_unit(tmp_path: Path) -> None:
    """The unit of the page is one that systemd understands, to the last setting."""
    unit = tmp_path / "topline.service"
    text = (
        named("ini")
        .text.replace("/opt/topline/bin/topline", "/bin/true")
        .replace("User=topline", "User=root")
    )
    unit.write_text(text, "utf-8")
    found = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    assert "Unknown" not in found.stderr
