"""The api data sets of R's survey package, as arrays, with their designs and R's results."""

import csv
import json
from functools import cache
from pathlib import Path

import numpy as np

from topline.designs import Design

FOLDER = Path(__file__).resolve().parent.parent / "oracle"


@cache
def columns(design: str) -> dict[str, np.ndarray]:
    """Columns of the data behind a design, as texts."""
    with (FOLDER / f"api{design.removesuffix('_nofpc')}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def numbers(design: str, name: str) -> np.ndarray:
    """A column as numbers, NaN where empty."""
    return np.array([float(text) if text else np.nan for text in columns(design)[name]])


def coded(design: str, name: str) -> tuple[np.ndarray, list[str]]:
    """A column as codes, with its levels in alphabetical order, as R has them."""
    levels, codes = np.unique(columns(design)[name], return_inverse=True)
    return codes, [str(level) for level in levels]


@cache
def design(name: str) -> Design:
    """The design of that name."""
    weights = numbers(name, "pw")
    if name == "srs":
        return Design("design", weights, np.zeros(len(weights), dtype=np.intp), ("all",), np.array([6194.0]))
    strata, levels = coded(name, "stype")
    population = None
    if name == "strat":
        counts = numbers(name, "fpc")
        population = np.array([counts[strata == code][0] for code in range(len(levels))])
    return Design("design", weights, strata, tuple(levels), population)


@cache
def cases() -> dict[str, dict]:
    """R's results by case id."""
    return {case["id"]: case for case in json.loads((FOLDER / "api.json").read_text("utf-8"))["cases"]}
