"""A sample of the frame, from the list to a weighted table; what is kept of it, and what is refused."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from tests.web.fields import SECRET, answered, opened
from tests.web.samples import study_with
from tests.web.test_fieldwork import ALL

from topline.base import ToplineError
from topline.cli import main
from topline.dataset import read_data
from topline.study import read_study
from topline.study.freeze import read_frozen
from topline.web.fieldwork.export import export_answers, export_population, export_sample
from topline.web.fieldwork.frame import read_frame
from topline.web.fieldwork.launch import launch, load_frame
from topline.web.fieldwork.sample import drawn_of, keep_sample, listed_cells, plan_of
from topline.web.store.audit import entries
from topline.web.store.engines import Engine, engine_of
from topline.web.store.tables import make_tables
from topline.weights import weightings

DESIGN = "analysis: {design: {kind: stratified, strata: department, population: population.csv}}"
#: 60 people of one department, 140 of another.
PEOPLE = "email,department\n" + "".join(f"p{n}@office.example,{1 if n < 60 else 2}\n" for n in range(200))


def loaded(folder: Path, address: str, *lines: str) -> tuple[Path, Engine]:
    """A study with a design whose list of people is loaded."""
    place = study_with(folder, "design", DESIGN, *lines)
    (place / "spread.csv").write_text("department,spread\nmoj,0.5\ndft,0.1\n", "utf-8")
    (place / "population.csv").write_text("id,population\nmoj,60\ndft,140\n", "utf-8")
    (folder / "people.csv").write_text(PEOPLE, "utf-8")
    engine = engine_of(address)
    make_tables(engine)
    study = read_study(place)
    load_frame(engine, study, read_frame(study, folder / "people.csv"))
    return place, engine


def drawn(engine: Engine, place: Path, **given: object) -> None:
    """Draw as the verb does."""
    study = read_study(place)
    cells = listed_cells(engine, study)
    plan = plan_of(study, given, len(cells))
    keep_sample(engine, study, cells, drawn_of(study, plan, cells))


@pytest.mark.slow
def test_chain_from_frame_to_table(tmp_path: Path, address: str) -> None:
    """Frame, sample, launch, answers, close, export, weights: 40 of 200 people, equally from both
    departments; the weights of those who replied sum to the people of each department, and the share in a
    table is the weighted one.
    """
    place, engine = loaded(tmp_path, address)
    drawn(engine, place, size=40, by=["department"], allocation="equal", seed=7)
    study = read_study(place)
    launch(study, engine, tmp_path / "vault", SECRET)
    states = Counter(engine.rows("select state, drawn from invite"))
    assert states == {("invited", 1): 40, ("listed", 0): 160}
    field = opened(tmp_path, engine, read_frozen(place, 1))
    rows = engine.rows("select id, cell from invite where state = 'invited' order by id")
    by = {
        name: [id for id, cell in rows if json.loads(cell)["department"] == name] for name in ("moj", "dft")
    }
    assert {name: len(ids) for name, ids in by.items()} == {"moj": 20, "dft": 20}
    for ids, number, answer in ((by["moj"], 16, "tend_to_agree"), (by["dft"], 20, "neither")):
        for id in ids[:number]:
            assert "Thank you" in answered(field, field.tokens[id], ALL | {"statement": answer}).text
    done = field.close()
    assert (done.invited, done.replied) == (40, 36)
    assert export_sample(engine, study, tmp_path / "sample.csv") == 2
    with (tmp_path / "sample.csv").open(encoding="utf-8") as file:
        found = {row["department"]: row for row in csv.DictReader(file)}
    assert [found["moj"][name] for name in ("listed", "invited", "probability", "base")] == [
        "60", "20", "0.333333333", "60",
    ]  # fmt: skip
    assert float(found["dft"]["probability"]) == pytest.approx(20 / 140)
    (place / "population.csv").unlink()
    assert export_population(engine, study, place / "population.csv") == 2
    export_answers(engine, study, tmp_path / "answers.csv")
    study = read_study(place)
    data = read_data(study, tmp_path / "answers.csv")
    design = weightings(study, data)[0].design
    weights = Counter[int]()
    for code, weight in zip(data.codes("department"), design.weights, strict=True):
        weights[int(code)] += weight
    assert weights == {0: pytest.approx(60), 1: pytest.approx(140)}
    # the table: 60 of 200 agree, though 16 of 36 who replied do
    assert (
        main(["tables", str(place), "--data", str(tmp_path / "answers.csv"), "-o", str(tmp_path / "t.csv")])
        == 0
    )
    with (tmp_path / "t.csv").open(encoding="utf-8") as file:
        row = next(row for row in csv.reader(file) if row[0] == "statement" and "tend_to_agree" in row)
    assert "30" in [cell.removesuffix(".0") for cell in row], ",".join(row)
    field.end()


def test_not_drawn_are_never_invited(tmp_path: Path, address: str) -> None:
    """Whoever was not drawn has no link, appears in no file of links, and keeps only the coarser groups."""
    from topline.web.fieldwork.export import invitations
    from topline.web.fieldwork.links import links_of

    place, engine = loaded(tmp_path, address)
    drawn(engine, place, size=12, seed=3)
    launch(read_study(place), engine, tmp_path / "vault", SECRET)
    assert engine.rows("select count(*) from invite where state = 'listed' and link_hash is null") == [(188,)]
    links = links_of(engine, tmp_path / "vault", "every_kind", SECRET, "https://s.example")
    assert len(list(invitations(engine, "every_kind", links, waiting=True))) == 12
    # 12 of two departments: one of them has fewer than ten, so neither is kept, of anybody
    assert {cell for (cell,) in engine.rows("select cell from invite")} == {'{"department":null}'}
    engine.close()


def test_audit_has_the_seed_and_no_names(tmp_path: Path, address: str) -> None:
    """The log says how the sample was drawn, so that it can be drawn again; never who."""
    place, engine = loaded(tmp_path, address)
    drawn(engine, place, size=40, by=["department"], seed=7)
    line = list(entries(engine, "every_kind"))[-1].what
    assert line == {
        "verb": "sample", "listed": 200, "method": "stratified", "by": ["department"], "size": 40,
        "allocation": "proportional", "seed": 7,
    }  # fmt: skip
    first = engine.rows("select id from invite where drawn = 1 order by id")
    drawn(engine, place, size=40, by=["department"], seed=7)
    assert engine.rows("select id from invite where drawn = 1 order by id") == first
    drawn(engine, place, size=40, by=["department"], seed=8)
    assert engine.rows("select id from invite where drawn = 1 order by id") != first
    engine.close()


COUNTY = """\
topline: 1
id: county
title: Teachers of the county
organisation: The County
population: Teachers at the schools of the county
languages: [en]
inference: design
frame: {kind: list, coverage: Everybody on the payroll of a school., keep: [school]}
attributes:
  school: {label: School, options: {1 north: North, 2 east: East, 3 south: South, 4 west: West, 5 hill: Hill}}
"""
PPS = "sample: {size: 60, method: pps, by: [school], units: 3, seed: 4}"
UNCLUSTERED = "analysis: {design: {kind: unclustered}}"
BY_SCHOOL = "analysis: {design: {kind: clustered, clusters: school}}"


def county(folder: Path, *lines: str) -> Path:
    """A study of teachers, of whom those of some schools are asked."""
    place = folder / "county"
    place.mkdir()
    (place / "study.yaml").write_text(COUNTY + "\n".join([*lines, ""]), "utf-8")
    asked = "questions:\n- {single: happy, ask: Happy?, label: Happy, options: {1 yes: Yes, 2 no: No}}\n"
    (place / "questionnaire.yaml").write_text(asked, "utf-8")
    people = "".join(
        f"p{school}.{n}@school.example,{school}\n"
        for school, all in enumerate([40, 70, 55, 90, 120], 1)
        for n in range(all)
    )
    (folder / "teachers.csv").write_text("email,school\n" + people, "utf-8")
    return place


@pytest.mark.slow
def test_chain_of_a_sample_of_units(tmp_path: Path, address: str) -> None:
    """20 teachers of 3 of 5 schools, everybody with the chance 60/375; the errors go by schools."""
    place = county(tmp_path, PPS, BY_SCHOOL)
    engine = engine_of(address)
    make_tables(engine)
    study = read_study(place)
    load_frame(engine, study, read_frame(study, tmp_path / "teachers.csv"))
    drawn(engine, place)
    line = list(entries(engine, "county"))[-1].what
    assert (line["method"], line["by"], line["units"], line["size"]) == ("pps", ["school"], 3, 60)
    launch(study, engine, tmp_path / "vault", SECRET)
    field = opened(tmp_path, engine, read_frozen(place, 1))
    rows = engine.rows("select id, cell from invite where state = 'invited' order by id")
    schools = Counter(json.loads(cell)["school"] for _, cell in rows)
    assert sorted(schools.values()) == [20, 20, 20]
    for number, (id, _) in enumerate(rows):
        if number % 4:
            answered(field, field.tokens[id], {"happy": "no" if number % 3 else "yes"})
    assert field.close().replied == 45
    export_sample(engine, study, tmp_path / "sample.csv")
    with (tmp_path / "sample.csv").open(encoding="utf-8") as file:
        found = {row["school"]: row for row in csv.DictReader(file)}
    assert {row["probability"] for name, row in found.items() if name in schools} == {"0.16"}
    assert {row["invited"] for name, row in found.items() if name not in schools} == {"0"}
    assert sum(float(row["base"]) for row in found.values()) == pytest.approx(375)
    export_answers(engine, study, tmp_path / "answers.csv")
    design = weightings(study, read_data(study, tmp_path / "answers.csv"))[0].design
    assert design.clusters is not None
    assert (len(set(design.clusters.tolist())), set(design.weights.tolist())) == (3, {1.0})
    assert design.population is None
    table = str(tmp_path / "t.csv")
    assert main(["tables", str(place), "--data", str(tmp_path / "answers.csv"), "-o", table]) == 0
    field.end()


@pytest.mark.parametrize(
    ("lines", "id", "line"),
    [
        ((PPS, UNCLUSTERED), "sample-pps-design", 11),
        ((PPS, "analysis: {design: {clusters: school, clusters_in_all: 5}}"), "sample-pps-design", 11),
        ((PPS.replace("units: 3, ", ""), BY_SCHOOL), "sample-pps-without", 11),
        ((PPS.replace("by: [school], ", ""), BY_SCHOOL), "sample-pps-by", 11),
        ((PPS.replace("method: pps, ", ""), BY_SCHOOL), "sample-units-alone", 11),
    ],
)
def test_rules_of_a_sample_of_units(tmp_path: Path, lines: tuple[str, ...], id: str, line: int) -> None:
    """What `topline check` says of it, at its place; the verb refuses the same."""
    place = county(tmp_path, *lines)
    with pytest.raises(ToplineError) as error:
        read_study(place)
    (found,) = error.value.findings
    assert found.id == id
    assert re.search(rf"study\.yaml:{line}:\d+$", str(found.mark))


def test_units_given_to_the_verb(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The units drawn are shown, and a warning of small crowds; what does not go together is refused."""
    place = county(tmp_path, PPS, BY_SCHOOL)
    monkeypatch.setenv("TOPLINE_DATABASE_URL", str(tmp_path / "main.db"))
    assert main(["frame", "load", str(place), str(tmp_path / "teachers.csv")]) == 0
    capsys.readouterr()
    assert main(["sample", str(place), "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "unit     people     drawn  probability"
    assert [each.split()[2:] for each in lines[1:4]] == [["20", "0.160000"]] * 3
    assert lines[4:] == [
        "3 of 5 units are drawn.",
        "60 of 375 people would be drawn; nothing was written (seed 4).",
    ]
    assert main(["sample", str(place), "--dry-run", "--size", "24"]) == 0
    assert "Fewer than 10 people come from some units" in capsys.readouterr().out
    assert main(["sample", str(place), "--dry-run", "--method", "stratified"]) == 0
    assert "stratum" in capsys.readouterr().out
    for more, words in (
        (["--method", "simple", "--units", "2"], "`units:` is of a pps sample, and this one is simple"),
        (["--units", "5"], "5 of 5 units cannot be drawn"),
        (["--by", "town"], "town is not kept"),
        (["--size", "150"], "unit north has 40 people, and 50 are taken"),
    ):
        assert main(["sample", str(place), "--dry-run", *more]) == 2, more
        assert words in capsys.readouterr().err
    path = place / "study.yaml"
    path.write_text(f"{COUNTY}{UNCLUSTERED}\n", "utf-8")
    pps = ["sample", str(place), "--dry-run", "--size", "60", "--method", "pps", "--by", "school"]
    for more, words in (([], "needs the number of units"), (["--units", "3"], "clusters: school")):
        assert main([*pps, *more]) == 2
        assert words in capsys.readouterr().err
    assert main([*pps[:-2], "--units", "3"]) == 2
    assert "the groups of one attribute" in capsys.readouterr().err


def test_sample_in_the_study_file(tmp_path: Path) -> None:
    """`sample:` declares the draw; what is given by hand wins; a file of spreads is read by line."""
    place, engine = loaded(
        tmp_path, str(tmp_path / "main.db"),
        "sample: {size: 50, by: [department], allocation: neyman, spread: spread.csv, seed: 11}",
    )  # fmt: skip
    drawn(engine, place)
    plan = json.loads(engine.rows("select plan from sample")[0][0])
    # 60 x 0.5 and 140 x 0.1 are 30 to 14: 34 and 16 of 50
    assert plan["strata"] == [[["dft"], 140, 16, 16 / 140], [["moj"], 60, 34, 34 / 60]]
    assert (plan["seed"], plan["size"]) == (11, 50)
    drawn(engine, place, margin=0.1, allocation="proportional")
    assert json.loads(engine.rows("select plan from sample")[0][0])["size"] == 66
    (place / "spread.csv").write_text("department,spread\nmoj,much\n", "utf-8")
    with pytest.raises(ToplineError, match=r"spread\.csv:2 .*this line of spreads cannot be read"):
        drawn(engine, place)
    engine.close()


def test_refusals_of_a_sample(tmp_path: Path) -> None:
    """No size, two sizes, an attribute that is not kept, another inference, a study that is launched."""
    place, engine = loaded(tmp_path, str(tmp_path / "main.db"))
    for given, words in (
        ({}, "no sample is asked for"),
        ({"size": 5, "margin": 0.1}, "each say how many"),
        ({"size": 5, "by": ["town"]}, "town is not kept"),
        ({"size": 201}, "from 1 to 200"),
    ):
        with pytest.raises(ToplineError, match=words):
            drawn(engine, place, **given)
    launch(read_study(place), engine, tmp_path / "vault", SECRET)
    with pytest.raises(ToplineError, match="is launched: its sample was drawn before"):
        drawn(engine, place, size=5)
    engine.close()


def test_rules_of_sample_and_quotas(tmp_path: Path) -> None:
    """`topline check` says at its place what does not fit the inference or is not kept."""
    place = study_with(
        tmp_path, "census-nonresponse", "sample: {size: 5, by: [town], allocation: neyman}",
        "quotas: {statement: {neither: 10}, town: {leeds: 10}, department: {mod: 20}}",
    )  # fmt: skip
    with pytest.raises(ToplineError) as error:
        read_study(place)
    found = {each.id: str(each.mark).rpartition("study.yaml")[2] for each in error.value.findings}
    assert found["sample-not-design"].count(":") == 2
    for id in ("sample-by-not-kept", "sample-neyman-spread", "quota-inference", "quota-answers",
               "quota-not-kept", "quota-group"):  # fmt: skip
        assert id in found, found
        assert found[id].count(":") == 2


def test_the_verb_shows_and_draws(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dry run prints the strata and writes nothing; without it the people are drawn."""
    place, engine = loaded(tmp_path, str(tmp_path / "main.db"))
    monkeypatch.setenv("TOPLINE_DATABASE_URL", str(tmp_path / "main.db"))
    command = ["sample", str(place), "--size", "40", "--by", "department", "--seed", "7"]
    assert main([*command, "--dry-run"]) == 0
    assert capsys.readouterr().out == (
        "stratum    people     drawn  probability\n"
        "dft           140        28     0.200000\n"
        "moj            60        12     0.200000\n"
        "40 of 200 people would be drawn; nothing was written (seed 7).\n"
    )
    assert engine.rows("select count(*) from sample") == [(0,)]
    assert main(command) == 0
    assert "40 of 200 people are drawn (seed 7)." in capsys.readouterr().out
    assert engine.rows("select count(*) from invite where drawn = 1") == [(40,)]
    engine.close()


def test_a_declared_sample_must_be_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that is loaded again forgets its sample, and says so; the launch then invites nobody before it
    is drawn anew.
    """
    place, engine = loaded(tmp_path, str(tmp_path / "main.db"), "sample: {size: 40}")
    monkeypatch.setenv("TOPLINE_DATABASE_URL", str(tmp_path / "main.db"))
    study = read_study(place)
    with pytest.raises(ToplineError, match="none is drawn from the list as it stands"):
        launch(study, engine, tmp_path / "vault", SECRET)
    drawn(engine, place)
    assert main(["frame", "load", str(place), str(tmp_path / "people.csv")]) == 0
    assert "Draw it anew: topline sample" in capsys.readouterr().out
    with pytest.raises(ToplineError, match="none is drawn"):
        launch(study, engine, tmp_path / "vault", SECRET)
    drawn(engine, place)
    assert launch(study, engine, tmp_path / "vault", SECRET).people == 40
    engine.close()
