"""The pages on data from elsewhere: their files are made, their commands and their Python are run."""

import doctest
import re
from pathlib import Path

import pytest
from tests.docs.pages import FENCE, alike, blocks, commands, typed

from topline.dataset.codebook import FILE_KINDS, NO_VALUE, UNCLEAR
from topline.dataset.files import READS
from topline.dataset.files.codebook_csv import HEADER
from topline.dataset.kinds import LETTERS, system_code

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "how-to" / "bring-your-own-data.md"


def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who makes the files, types the commands and the Python sees what the page shows."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    runner = doctest.DocTestRunner()
    for block in blocks(PAGE):
        if block.language == "csv":
            (tmp_path / block.info).write_text(block.text, "utf-8")
        elif block.language == "console":
            for command, expected in commands(block):
                printed = typed(command, tmp_path)
                assert alike(expected, printed), f"{command} printed\n{printed}"
        else:
            assert block.language == "pycon"
            test = doctest.DocTestParser().get_doctest(block.text, names, PAGE.name, str(PAGE), block.line)
            runner.run(test, clear_globs=False)
            names.update(test.globs)
    assert runner.summarize() == (0, 11)
    assert len(FENCE.findall(PAGE.read_text("utf-8"))) == 5


def test_headings_of_a_codebook_are_told() -> None:
    """The page explains every heading that a codebook may have, and names every format that is read."""
    text = PAGE.read_text("utf-8")
    told = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", text, re.M))))
    assert told == set(HEADER)
    assert [ending for ending in READS if ending not in text and ending.strip(".") not in text.lower()] == []


def test_table_of_missing_kinds() -> None:
    """The reference has every kind with its code and its letter, as they are written."""
    text = (DOCS / "reference" / "missing-kinds.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [\w ]+ \| (\S+|the study's) \| (\.\w) \|", text, re.M)
    assert rows == [
        (kind, "the study's" if system_code(kind) is None else str(system_code(kind)), LETTERS[kind])
        for kind in FILE_KINDS
        if kind not in (NO_VALUE, UNCLEAR)
    ]
    assert f"| `{NO_VALUE}` |" in text
    assert f"| `{UNCLEAR}` |" in text
