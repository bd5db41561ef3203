"""The reference of the Python API: in step with the docstrings, whole, and every name explained."""

import importlib
import inspect
import re
from pathlib import Path

import pytest
from tools.python_reference import FOLDER, ROOMS, TOP, reference_pages

import topline

ROOT = Path(__file__).resolve().parents[2]
PAGES = reference_pages()


@pytest.mark.parametrize("page", PAGES)
def test_page_is_in_step(page: str) -> None:
    """Each page is what the docstrings say today."""
    assert (ROOT / page).read_text("utf-8") == PAGES[page], f"{page} is old: make schemas"


def test_no_page_is_left_over() -> None:
    """A room that is gone leaves no page."""
    assert {str(path.relative_to(ROOT)) for path in (ROOT / FOLDER).iterdir()} | {TOP} == set(PAGES)


def test_every_name_of_tl_is_on_its_page() -> None:
    """What `tl` offers, what `dir(tl)` shows and what the page explains are the same names."""
    assert re.findall(r"^## `tl\.(\w+)`", PAGES[TOP], re.M) == [
        *(name for name in topline.__all__ if name != "__version__"),
        "__version__",
    ]
    assert dir(topline) == sorted(topline.__all__)


@pytest.mark.parametrize("room", ROOMS)
def test_every_name_of_a_room_is_on_its_page(room: str) -> None:
    """Everything in `__all__` is there once: with its own heading, or among types and values."""
    module = importlib.import_module(f"topline.{room}")
    page = PAGES[f"{FOLDER}/{room.replace('.', '-')}.md"]
    headed = re.findall(rf"^## `topline\.{re.escape(room)}\.(\w+)`", page, re.M)
    listed = re.findall(r"^- `(\w+)`: `.+`$", page.partition("## Names of types and values")[2], re.M)
    assert sorted((*headed, *listed)) == sorted(module.__all__)


@pytest.mark.parametrize("room", ["", *ROOMS])
def test_every_name_has_a_docstring(room: str) -> None:
    """A function or class that is offered says what it is; a function of several lines, what it gives."""
    module = importlib.import_module(f"topline.{room}".rstrip("."))
    for name in module.__all__:
        thing = getattr(module, name)
        if inspect.isfunction(thing) or inspect.isclass(thing):
            assert (inspect.getdoc(thing) or "").endswith((".", ")")), f"{name} of {room} lacks a docstring"


@pytest.mark.parametrize("name", [name for name in topline.__all__ if name != "__version__"])
def test_docstrings_of_tl_are_whole(name: str) -> None:
    """What a newcomer calls first names every argument and what it raises."""
    thing = getattr(topline, name)
    doc = inspect.getdoc(thing) or ""
    lacking = [one for one in inspect.signature(thing).parameters if f"`{one}`" not in doc]
    assert lacking == []
    assert "Raises ToplineError" in doc or "raises ToplineError" in doc


SOURCES = {
    "dataset.quality": ("speed", "straight_lining", "item_nonresponse", "duplicates"),
    "estimates": (
        "association", "benjamini_hochberg", "cohen_kappa", "covariance", "design_kappa", "difference",
        "holm", "krippendorff_alpha", "mean_design_effect", "mean_vector", "proportion_interval", "quantile",
        "ratio", "share_intervals", "totals", "variance",
    ),
    "weights": ("adjust_response", "calibrate", "Diagnostics", "post_stratify", "rake"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("room", "name"), [(room, name) for room, names in SOURCES.items() for name in names]
)
def test_formulas_have_sources(room: str, name: str) -> None:
    """A function that holds a formula cites where it is from, with the year."""
    doc = inspect.getdoc(getattr(importlib.import_module(f"topline.{room}"), name)) or ""
    assert re.search(r"\b(19|20)\d\d\b", doc), f"{name} cites nothing"
