"""What leaves fieldwork: responses as a file of answers, and counts by class. It reads no sealed answer."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from topline.base import Finding, fail
from topline.base.files import write_atomically
from topline.base.formulas import no_formula
from topline.dataset import read_responses, write, write_responses
from topline.study.answers import answers_from_json
from topline.study.freeze import read_frozen
from topline.study.model import Study
from topline.study.values import Answer, NoAnswer
from topline.web.fieldwork.cells import cell_of
from topline.web.fieldwork.promise import Promise, read_promise, release_state
from topline.web.store.audit import note
from topline.web.store.engines import Engine


def export_answers(engine: Engine, study: Study, path: Path) -> tuple[int, tuple[Finding, ...]]:
    """Write every response, in the order of ids that tell nothing; return their number, and notes on what
    the format had no place for.

    A .csv is Topline's own file of answers; other endings are written by `dataset.write`, labels, missing
    kinds and codebook inside. An attribute that was given up in a small group is `withheld`. Raises
    ToplineError while answers are sealed.
    """
    promise = _closed(engine, study)
    read_frozen(study.folder, promise.version)  # the study in the folder must still be the one launched
    rows = engine.rows("select attributes, answers from response where study = ? order by id", study.id)
    people = (_person(where, answers, promise) for where, answers in rows)
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        plain = Path(folder, "answers.csv")
        write_responses(study, plain, people, made_up=False)
        if path.suffix.lower() == ".csv":
            plain.chmod(0o600)  # one row a person: of whoever exports alone
            plain.replace(path)
            notes: tuple[Finding, ...] = ()
        else:
            notes = write(read_responses(study, plain), path)
        path.chmod(0o600)
    engine.write(lambda db: note(db, study.id, "export", responses=len(rows)))
    return len(rows), notes


def export_counts(engine: Engine, study: Study, path: Path) -> int:
    """Write invited and replied by class of the kept attributes, by name; return the number of classes."""
    promise = _closed(engine, study)
    rows = engine.rows(
        "select cell, invited, replied from class_count where study = ? order by cell", study.id
    )
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*promise.kept, "invited", "replied"])
    for cell, invited, replied in rows:
        writer.writerow([*(each or "withheld" for each in cell_of(cell, promise.kept)), invited, replied])
    write_atomically(path, file.getvalue())
    return len(rows)


def export_sample(engine: Engine, study: Study, path: Path) -> int:
    """Write people listed, invited, their probability and the sum of base weights, by class.

    The probability of a class is the harmonic mean over those drawn in it: that of its stratum, where the
    class lies in one. Raises ToplineError where everybody was invited.
    """
    promise = _closed(engine, study)
    if not engine.rows("select 1 from sample_cell where study = ?", study.id):
        fail("export-no-sample", study=study.id)
    rows = engine.rows(
        "select cell, listed, invited, base from class_count where study = ? order by cell", study.id
    )
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*promise.kept, "listed", "invited", "probability", "base"])
    for cell, listed, invited, base in rows:
        groups = (each or "withheld" for each in cell_of(cell, promise.kept))
        probability = f"{invited / base:.9g}" if base else ""
        writer.writerow([*groups, listed, invited, probability, f"{base:.9g}"])
    write_atomically(path, file.getvalue())
    return len(rows)


def export_population(engine: Engine, study: Study, path: Path) -> int:
    """Write the people of the frame by class of the kept attributes, as `population:` and targets read it."""
    promise = _closed(engine, study)
    rows = engine.rows(
        "select cell, listed from class_count where study = ? and listed > 0 order by cell", study.id
    )
    if lost := [cell for cell, _ in rows if None in cell_of(cell, promise.kept)]:
        fail("export-population-coarse", study=study.id, number=len(lost))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    names = ["id"] if len(promise.kept) == 1 else promise.kept
    writer.writerow([*names, "population"])
    writer.writerows([*cell_of(cell, promise.kept), listed] for cell, listed in rows)
    write_atomically(path, file.getvalue())
    return len(rows)


def invitations(engine: Engine, study: str, link: Mapping[int, str], *, waiting: bool) -> Iterator[list[str]]:
    """Key and link of each person, for a mail merge; `waiting`: of those only who have not finished."""
    rows = engine.rows(
        "select id, person, state from invite"
        " where study = ? and state <> 'listed' and way = 'list' and gone = 0 order by id",
        study,
    )
    for invite, person, state in rows:
        if not waiting or state != "finished":
            yield [no_formula(json.loads(person)["key"]), link[invite]]


def _closed(engine: Engine, study: Study) -> Promise:
    promise = read_promise(engine, study.id)
    if promise.is_anonymous and release_state(engine, study.id) not in ("written", "done"):
        fail("export-not-closed", study=study.id)
    return promise


def _person(where: str, answers: str, promise: Promise) -> dict[str, Answer]:
    cell = dict(zip(promise.kept, cell_of(where, promise.kept), strict=True))
    facts: dict[str, Answer] = {name: each or NoAnswer("withheld") for name, each in cell.items()}
    return facts | answers_from_json(json.loads(answers))
