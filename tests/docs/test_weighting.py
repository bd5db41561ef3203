"""The page on weighting: its study is made, its commands are typed, its Python runs."""

import doctest
from pathlib import Path

import pytest
from tests.docs.pages import Block, blocks, run_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "weight-to-known-totals.md"
#: People in each office and grade.
PEOPLE = {(1, 1): 14, (1, 2): 22, (1, 3): 24, (2, 1): 12, (2, 2): 18, (2, 3): 10}


def write_answers(folder: Path) -> None:
    """The answers that the page speaks of: who is happy does not matter to it."""
    groups = [group for group, n in PEOPLE.items() for _ in range(n)]
    lines = [f"p{n},{office},{grade},{1 + n % 2}" for n, (office, grade) in enumerate(groups, 1)]
    (folder / "staff").mkdir()
    (folder / "staff" / "answers.csv").write_text("\n".join(["person,office,grade,happy", *lines]) + "\n")


def without_python(found: list[Block]) -> str:
    """The page with only what `run_page` can do."""
    return "\n".join(
        f"```{block.language} {block.info or ''}".rstrip() + f"\n{block.text}```"
        for block in found
        if block.language != "python"
    )


def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who follows the page sees what it prints."""
    monkeypatch.chdir(tmp_path)
    write_answers(tmp_path)
    page = tmp_path / PAGE.name
    page.write_text(without_python(blocks(PAGE)).replace("$ mkdir staff\n", ""), "utf-8")
    assert len(run_page(page, tmp_path)) == 5
    with (tmp_path / "weights.csv").open(encoding="utf-8") as file:
        assert len(file.readlines()) == 101


def test_its_python_runs() -> None:
    """The lines of Python print what the page says."""
    code = "".join(block.text for block in blocks(PAGE) if block.language == "python")
    test = doctest.DocTestParser().get_doctest(code, {}, PAGE.name, str(PAGE), 0)
    assert doctest.DocTestRunner().run(test).failed == 0
    assert len(test.examples) > 5
