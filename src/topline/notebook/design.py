"""A sampling design from columns of the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from topline.base import fail
from topline.base.hints import nearest
from topline.base.words import words
from topline.dataset import Dataset, Floats, first_missing
from topline.designs import Design, Lonely
from topline.designs.design import Inference

_INFERENCES: Final = ("descriptive", "design", "census-nonresponse", "model")


def design(
    data: Dataset,
    *,
    inference: Inference,
    weights: str | Floats | None = None,
    strata: str | None = None,
    clusters: str | None = None,
    population: float | Mapping[str, float] | None = None,
    lonely: Lonely = "refuse",
) -> Design:
    """How the people of `data` came to answer, for standard errors.

    Variances are those of totals of clusters (or people) within strata, with (1 - n/N) where a population is
    given: R's svydesign(strata, id, fpc) (Lumley 2010, Complex Surveys, chapter 2). Degrees of freedom are
    clusters less strata, counting active ones in a subset.

    `inference` has no default (docs/reference/study-format.md): `descriptive` states no error, `design` and
    `model` do, `census-nonresponse` needs a `population`. `weights` is a number column, or an array (n,);
    without it the weights that came with the data, else everybody counts once. `strata` and `clusters` are
    columns. `population` is the number of units (people, or clusters) in all, or in each stratum by its
    name; without it units count as drawn with replacement. `lonely` is what becomes of a stratum with one
    unit: R's option survey.lonely.psu.

    Raises ToplineError for a column that the data do not have or that has missing values, for a stratum
    without a population, and for whatever `topline.designs.Design` refuses.
    """
    if inference not in _INFERENCES:
        fail("notebook-inference", given=inference, allowed=", ".join(_INFERENCES))
    if inference == "census-nonresponse" and population is None:
        fail("notebook-population")
    given, sentence = _weights(data, weights)
    codes, names = (np.zeros(data.n, dtype=np.intp), ("",)) if strata is None else _groups(data, strata)
    return Design(
        inference=inference,
        weights=given,
        strata=codes,
        strata_names=names,
        population=None if population is None else _counts(population, names, strata),
        intervals=inference != "descriptive",
        sentence=sentence,
        clusters=None if clusters is None else _groups(data, clusters)[0],
        lonely=lonely,
    )


def _weights(data: Dataset, given: str | Floats | None) -> tuple[Floats, str]:
    if isinstance(given, str):
        values = data.numbers(_known(data, given)).values
        if np.isnan(values).any():
            fail("notebook-missing", name=given, n=int(np.isnan(values).sum()))
        return values, words("weighting-by-column", name=given)
    if given is not None:
        array = np.asarray(given, dtype=np.float64)
        if array.shape != (data.n,):
            fail("notebook-weights", given=array.shape, n=data.n)
        return array, words("weighting-of-array")
    if data.weights is not None:
        return data.weights, words("weighting-of-file")
    return np.ones(data.n), words("weighting-none")


def _groups(data: Dataset, name: str) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """The groups of a column that people are in, numbered from 0, and their names."""
    if name in data.columns:
        codes = data.codes(_known(data, name))
        lost = int((codes >= first_missing(codes)).sum())
        options = data.study.variables[name].options
        values: NDArray[np.generic] = codes
    else:
        values, options = data.numbers(_known(data, name)).values, ()
        lost = int(np.isnan(values).sum())
    if lost:
        fail("notebook-missing", name=name, n=lost)
    present, places = np.unique(values, return_inverse=True)
    return places.astype(np.intp), tuple(options[int(v)].name if options else f"{v:g}" for v in present)


def _counts(population: float | Mapping[str, float], names: tuple[str, ...], strata: str | None) -> Floats:
    if not isinstance(population, Mapping):
        if strata is not None and len(names) > 1:
            fail("notebook-population-strata", name=strata, groups=", ".join(names))
        return np.array([float(population)])
    for name in names:
        if name not in population:
            fail("notebook-population-lacks", group=name, given=", ".join(map(str, population)))
    return np.array([float(population[name]) for name in names])


def _known(data: Dataset, name: str) -> str:
    if not data.has(name):
        fail("notebook-column", name=name, near=nearest(name, list(data.study.variables)))
    return name
