"""Progress bars: for people who watch a terminal, and for nobody else."""

from __future__ import annotations

import time
from io import StringIO

import pytest

from topline.base.progress import progress


class Terminal(StringIO):
    """A stream that says that somebody watches."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_a_file_gets_no_bar() -> None:
    """Where standard error is no terminal, nothing is written, whatever the work takes."""
    stream = StringIO()
    assert list(progress(range(3), "People", stream)) == [0, 1, 2]
    assert stream.getvalue() == ""


def test_short_work_stays_silent() -> None:
    """Work of less than half a second shows no bar."""
    stream = Terminal()
    assert list(progress([1, 2, 3], "People", stream)) == [1, 2, 3]
    assert stream.getvalue() == ""


def test_long_work_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar names what is done and how many, and is taken away at the end."""
    clock = iter(range(1000))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    stream = Terminal()
    assert list(progress([4, 2, 0, 1], "People", stream)) == [4, 2, 0, 1]
    said = stream.getvalue()
    assert "\rPeople " in said
    assert "2 of 4" in said
    assert said.endswith("\r\x1b[2K")


def test_work_that_breaks_off_takes_its_bar_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message after an error stands on a line of its own."""
    clock = iter(range(1000))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    stream = Terminal()
    going = progress([1, 2, 3], "People", stream)
    next(going)
    next(going)
    going.close()
    assert stream.getvalue().endswith("\r\x1b[2K")
