"""The page of threats and the tests of this folder: one list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
#: The numbers stand at the start of a test's name, one or more: `test_threat_05_and_16_...`.
_NUMBERS = re.compile(r"test_threat_((?:\d\d_)(?:and_\d\d_)*)")


def rows(root: Path) -> Iterator[tuple[int, str, list[str]]]:
    """Each row of the page: its number, how it is met, and the tests that it names."""
    for line in (root / "docs" / "reference" / "threats.md").read_text("utf-8").splitlines():
        if found := re.match(r"\| (\d+)[ RD/]* \|", line):
            *_, met, tests, _ = line.split(" |")
            yield int(found[1]), met, re.findall(r"`(test_\w+)`", tests)


def named_in(folder: Path) -> set[str]:
    """The tests in a folder that are named after a threat."""
    names = (
        re.findall(r"^def (test_threat_\w+)\(", path.read_text("utf-8"), re.M)
        for path in folder.rglob("*.py")
    )
    return {name for each in names for name in each}


def numbers(name: str) -> set[int]:
    """The threats that a test is named after."""
    found = _NUMBERS.match(name)
    assert found, name
    return set(map(int, re.findall(r"\d\d", found[1])))


def test_every_threat_has_its_row_and_its_test(root: Path) -> None:
    """Thirty-nine rows in order; each names the tests of its number and no other."""
    tests = named_in(FOLDER)
    found = list(rows(root))
    assert [number for number, *_ in found] == list(range(1, 40))
    for number, met, named in found:
        assert met.strip(), number
        assert named, number
        assert sorted(named) == sorted(name for name in tests if number in numbers(name)), number


def test_named_in_threats_stand_here(root: Path) -> None:
    """No test that is named after a threat stands in another folder."""
    assert named_in(root / "tests") == named_in(FOLDER)


@pytest.mark.parametrize(
    ("name", "of"),
    [("test_threat_05_and_16_and_38_a_whole_interview", {5, 16, 38}), ("test_threat_09_fifty_at_once", {9})],
)
def test_numbers_of_a_name(name: str, of: set[int]) -> None:
    """All numbers at the start of a name count, and nothing after them."""
    assert numbers(name) == of
