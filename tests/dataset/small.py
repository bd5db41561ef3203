"""A small study with one variable of each kind, written to a folder and read as any study is."""

from pathlib import Path

from topline.study import Study, read_study

STUDY = """\
topline: 1
id: small
title: A small study
organisation: Us
population: Everybody
languages: [en]
inference: descriptive
attributes:
  region:
    label: Region
    column: reg
    options:
      1 north: {label: North, data: N}
      2 south: {label: South, data: S}
  age: {label: Age, kind: number, range: [18, 99], column: age}
  age_band:
    label: Age group
    bands_of: age
    cuts: [35, 65]
    options:
      1 young: Under 35
      2 middle: 35 to 64
      3 old: 65 and over
"""
QUESTIONNAIRE = """\
missing:
  97 dont_know: {label: Don't know, in_base: true}
scales:
  agree3:
    options:
      3 yes: Agree
      2 neither: Neither
      1 no: Disagree
    missing: [dont_know]
    nets: {not_yes: {label: Not agree, of: [neither, no]}}
    scores: {mean: [100, 50, 0]}
splits:
  half: {label: Half, arms: {a: 1, b: 1}}
groups:
  northerners: {label: people in the north, where: region = north}
questions:
- single: likes
  ask: Do you like it?
  label: Likes it
  scale: agree3
- grid: parts
  ask: And its parts?
  label: Likes the parts
  scale: agree3
  rows:
    1 top: The top
    2 base: The base
- multiple: why
  ask_if: likes = yes
  ask: Why?
  label: Reasons
  options:
    1 looks: Looks
    2 price: Price
    3 none: {label: None, exclusive: true}
  missing: [dont_know]
- rank: best
  ask: What is best?
  label: Best reasons
  places: 2
  options:
    1 looks: Looks
    2 price: Price
- number: times
  ask: How often?
  label: Times
  range: [-5, 50]
  missing: [dont_know]
- date: first
  ask: When first?
  label: First time
- text: more
  ask: Anything else?
  label: Anything else
"""
FOREIGN = """\
data:
  file: answers.csv
  id: id
  weight: w
  codes: {dont_know: "9", not_asked: NA, chosen: "1", not_chosen: "0"}
"""


_COLUMNS = {
    "likes": "q1",
    "parts": "q2_{row}",
    "why": "q3_{option}",
    "best": "q4_{place}",
    "times": "q5",
    "first": "q6",
    "more": "q7",
}


def with_columns(questionnaire: str = QUESTIONNAIRE) -> str:
    """The questionnaire with the column of each question in a file from elsewhere."""
    for id, column in _COLUMNS.items():
        questionnaire = questionnaire.replace(f": {id}\n  ", f": {id}\n  column: {column}\n  ", 1)
    return questionnaire


def small_study(folder: Path, study: str = "", questionnaire: str = QUESTIONNAIRE) -> Study:
    """Write the study, with `study` after its study.yaml, and read it."""
    (folder / "study.yaml").write_text(STUDY + study, "utf-8")
    (folder / "questionnaire.yaml").write_text(questionnaire, "utf-8")
    return read_study(folder)
