"""A study that has everything a codebook can tell, written out and loaded like any other."""

from pathlib import Path

STUDY = """\
topline: 1
id: small
title: "Small <study> & more"
organisation: The Office
commissioned_by: The Ministry
population: People who work here
fieldwork: {from: 2024-05-01, to: 2024-05-14}
languages: [en, cy]
inference: descriptive
contact: {name: Ann, email: ann@survey.example}
licence: {name: OGL}
attributes:
  age: {label: Age, kind: number, range: [16, 80]}
  band:
    label: Age group
    bands_of: age
    options: {1 young: Under 40, 2 old: 40 and over}
    cuts: [40]
derive:
  happy: {label: Happiness, mean_of: [feel.work, feel.home], at_least: 1}
disclosure: {group_minimum: 10, why: Small groups are hidden.}
"""
QUESTIONNAIRE = """\
missing:
  97 dont_know: {label: Don't know, in_base: true}
  98 refused: Prefer not to say
scales:
  mood:
    options: {3 good: Good, 2 so_so: So so, 1 bad: Bad}
    missing: [dont_know, refused]
    nets: {fine: {label: Fine, of: [good, so_so]}}
    scores: {mean: [100, 50, 0]}
splits:
  half: {label: Direction, arms: {forward: 1, backward: 3}}
groups:
  drivers: {label: those who drive, where: travel has car}
questions:
- info: hello
  title: Welcome
  text: |
    Thank you for *reading*.

    {privacy_sentence}
- section: life
  title: Life | work
- grid: feel
  ask: How do you feel ...
  hint: Lately.
  label: Feelings
  scale: mood
  order: {rows: shuffle, options: flip by half}
  rows: {1 work: at work?, 2 home: {label: at home?, place: last}}
- multiple: travel
  ask: How do you come here from {home|home}?
  label: Ways of travelling
  options:
    1 car: "*Car*"
    2 train: Train
    3 other: {label: Other, specify: Please say what, place: last}
    4 none: {label: None of these, exclusive: true}
- rank: liked
  ask_if: count(travel) >= 2
  ask: Which do you like best?
  label: Liked best
  options_from: travel
  places: 2
- section: cars
  title: Cars
  ask_if: drivers
- number: kilometres
  ask_if: travel has car
  ask: How far do you drive?
  label: Kilometres
  range: [0, 500]
  decimals: 1
  missing: [refused]
  checks: [{soft: kilometres <= 100, say: That is far. Please check.}]
- text: why
  ask: Why?
  label: Why by car
  max_length: 200
- section: end
  title: End
- single: home
  ask: Where do you live?
  label: Home
  required: false
  options: {1 town: Town, 2 country: {label: Country, hint: Fewer than 1000 people}}
  blank: {label: No home given, in_base: true}
"""
WELSH = """\
msgid ""
msgstr ""
"Language: cy\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

msgctxt "study.title"
msgid "Small <study> & more"
msgstr "Astudiaeth fach"

msgctxt "feel.ask"
msgid "How do you feel ..."
msgstr "Sut ydych chi'n teimlo ..."

#, fuzzy
msgctxt "scales.mood.options.good"
msgid "Good"
msgstr "Da"

msgctxt "missing.dont_know"
msgid "Don't know"
msgstr "Ddim yn gwybod"

msgctxt "scales.mood.nets.fine"
msgid "Fine"
msgstr "Iawn"
"""


def write_small_study(folder: Path) -> Path:
    """Write the study to a folder."""
    (folder / "translations").mkdir(parents=True)
    (folder / "study.yaml").write_text(STUDY, "utf-8")
    (folder / "questionnaire.yaml").write_text(QUESTIONNAIRE, "utf-8")
    (folder / "translations" / "cy.po").write_text(WELSH, "utf-8")
    return folder
