"""Which tables a study asks for: every question by the banner of its analysis plan, under each of its
designs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from topline.dataset import Dataset
from topline.designs import Design
from topline.study import Study
from topline.tables.letters import compare_of
from topline.tables.low_base import LowBase
from topline.tables.table import Table, build_tables


@dataclass(frozen=True, slots=True, repr=False)
class Book:
    """All tables of a study: for each question its table under each design, the published one first.

    `notices` is what must stand over them wherever they are printed.
    """

    title: str
    notices: tuple[str, ...]
    tables: tuple[tuple[Table, ...], ...]

    def __repr__(self) -> str:
        """The tables by name and label; their figures would fill the screen."""
        first = [under[0] for under in self.tables]
        width = max((len(table.question) for table in first), default=0)
        lines = (f"{table.question.ljust(width)}  {table.label}" for table in first)
        return "\n".join([f"{self.title}: {len(first)} tables", *self.notices, "", *lines])

    def _repr_html_(self) -> str:
        """The same for a notebook."""
        lines = "".join(
            f'<tr><th scope="row">{escape(under[0].question)}</th><td>{escape(under[0].label)}</td></tr>'
            for under in self.tables
        )
        heads = '<tr><th scope="col">Table</th><th scope="col">Label</th></tr>'
        said = "".join(f"<br><small>{escape(notice)}</small>" for notice in self.notices)
        caption = f"<caption>{escape(self.title)}: {len(self.tables)} tables{said}</caption>"
        return f"<table>{caption}<thead>{heads}</thead><tbody>{lines}</tbody></table>"


def banner_of(study: Study) -> tuple[str, ...]:
    """The variables across the top of every table."""
    return _names(_analysis(study).get("banner"))


def planned(study: Study) -> tuple[str, ...]:
    """The questions and derived variables that have tables, in the study's order, without those skipped."""
    tables = _analysis(study).get("tables")
    skipped = _names(tables.get("skip")) if isinstance(tables, Mapping) else ()
    asked = [question.id for question in study if question.kind in ("single", "multiple", "grid", "number")]
    derived = [variable.name for variable in study.variables.values() if variable.source == "derived"]
    return tuple(name for name in (*asked, *derived) if name not in skipped)


def build_book(
    data: Dataset,
    designs: Sequence[Design],
    notices: Sequence[str],
    by: tuple[str, ...] | None = None,
    low_base: LowBase | None = None,
) -> Book:
    """Build every planned table by the plan's banner, or `by`; a question that the data lack is left out.

    Low bases are flagged by the study's profile unless another is given.
    """
    study = data.study
    by = banner_of(study) if by is None else by
    names = [name for name in planned(study) if _in_data(name, data)]
    under = [build_tables(names, by, data, design, compare_of(study), low_base) for design in designs]
    return Book(study.title, tuple(notices), tuple(zip(*under, strict=True)))


def _in_data(name: str, data: Dataset) -> bool:
    question = data.study.questionnaire.by_id.get(name)
    if question and question.kind == "grid":
        return all(data.has(f"{name}.{row.name}") for row in question.rows)
    return data.has(name)


def _analysis(study: Study) -> Mapping[str, object]:
    found = study.settings.get("analysis")
    return found if isinstance(found, Mapping) else {}


def _names(found: object) -> tuple[str, ...]:
    return tuple(str(name) for name in found) if isinstance(found, list) else ()
