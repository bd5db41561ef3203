"""The api data sets of R's survey package, as arrays, with their designs and R's results."""

import csv
import json
from functools import cache
from pathlib import Path

import numpy as np

from topline.designs import Design, Stage

FOLDER = Path(__file__).resolve().parent.parent / "oracle"


@cache
def columns(design: str) -> dict[str, np.ndarray]:
    """Columns of the data behind a design, as texts."""
    with (FOLDER / f"api{design.removesuffix('_nofpc').removesuffix('_wr')}.csv").open(
        encoding="utf-8"
    ) as file:
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
    if name.startswith("clus"):
        return clustered(name)
    weights = numbers(name, "pw")
    if name == "srs":
        return Design("design", weights, np.zeros(len(weights), dtype=np.intp), ("all",), np.array([6194.0]))
    strata, levels = coded(name, "stype")
    population = None
    if name == "strat":
        counts = numbers(name, "fpc")
        population = np.array([counts[strata == code][0] for code in range(len(levels))])
    return Design("design", weights, strata, tuple(levels), population)


def clustered(name: str) -> Design:
    """Districts drawn of 757, and in clus2 schools within them, whose weights follow from population counts.

    Without a correction in clus1_nofpc and clus2_wr.
    """
    districts, levels = coded(name, "dnum")
    everybody = np.zeros(len(districts), dtype=np.intp)
    counts = np.array([757.0])
    if name.startswith("clus1"):
        population = counts if name == "clus1" else None
        return Design("design", numbers(name, "pw"), everybody, ("all",), population, clusters=districts)
    schools = numbers(name, "fpc2")
    weights = 757 / len(levels) * schools / np.bincount(districts)[districts]
    if name == "clus2_wr":
        return Design("design", weights, everybody, ("all",), clusters=districts)
    within = np.array([schools[districts == code][0] for code in range(len(levels))])
    second = Stage(coded(name, "snum")[0], within)
    return Design("design", weights, everybody, ("all",), counts, clusters=districts, second=second)


@cache
def cases() -> dict[str, dict]:
    """R's results by case id."""
    return {case["id"]: case for case in json.loads((FOLDER / "api.json").read_text("utf-8"))["cases"]}
