"""The how-to pages of the documents: their commands run, and what they list is what there is."""

import re
import shlex
from pathlib import Path

import pytest

from topline.cli import FINE, main
from topline.documents.codebook_csv import HEADER


@pytest.mark.parametrize("page", ["codebook", "share-the-questionnaire"])
def test_commands_run(page: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of the page ends well and writes the file that it names."""
    text = (root / "docs" / "how-to" / f"{page}.md").read_text("utf-8")
    commands = re.findall(r"^topline (.*)$", text, re.M)
    assert commands
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(root / "examples")
    for command in commands:
        arguments = shlex.split(command)
        assert main(arguments) == FINE, command
        assert (tmp_path / arguments[arguments.index("-o") + 1]).stat().st_size > 1000


def test_columns_of_the_csv_are_listed(root: Path) -> None:
    """The page lists the columns of the CSV, all of them, in their order."""
    text = (root / "docs" / "how-to" / "codebook.md").read_text("utf-8")
    part = text.partition("## What the CSV holds")[2].partition("##")[0]
    assert tuple(re.findall(r"`(\w+)`", part)) == HEADER
