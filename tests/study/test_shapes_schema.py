"""JSON Schemas made from the shapes."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from topline.base import Mark
from topline.study.marks import Map, Seq, Source, Text, Value
from topline.study.reading.plain_yaml import read_plain_yaml, read_source
from topline.study.shapes import engine
from topline.study.shapes.engine import OneOf, Scalar, record
from topline.study.shapes.questionnaire import QUESTIONNAIRE
from topline.study.shapes.schema import FILES, _Maker, json_schema, schema_files
from topline.study.shapes.study import WAVES

EXAMPLES = ("digital-public-services", "non-voters-2020")
INTEGER, FLOAT = (
    re.compile(r"[-+]?[0-9]+"),
    re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"),
)
HEAD = """\
topline: 1
id: small
title: Small
organisation: We
population: All
languages: [en]
inference: descriptive
"""
FAULTS = {
    "a misspelled setting": ("lable: Yes\n", ["questions", 0], "lable"),
    "a setting of another kind": ("places: 3\n", ["questions", 0], "places"),
    "a flag that is a word": ("required: maybe\n", ["questions", 0, "required"], "maybe"),
    "a list that is a text": ("missing: refused\n", ["questions", 0, "missing"], "refused"),
    "an answer without a label": (
        "options: {1 yes: {short: Y}}\n",
        ["questions", 0, "options", "1 yes"],
        "'label' is a required property",
    ),
    "a name with a capital": ("scale: Agree5\n", ["questions", 0, "scale"], "Agree5"),
    "a code after its name": ("options: {yes 1: Yes}\n", ["questions", 0, "options"], "yes 1"),
    "three points": ("points: [0, 5, 10]\n", ["questions", 0, "points"], "too long"),
    "a word that is none of the offered": ("look: dropdown\n", ["questions", 0, "look"], "dropdown"),
    "a check without words": (
        "checks: [{hard: a = b}]\n",
        ["questions", 0, "checks", 0],
        "'say' is a required property",
    ),
}


def core(value: Value) -> object:
    """What YAML 1.2's core schema makes of a value: what an editor checks."""
    match value:
        case Map():
            return {str(key): core(item) for key, item in value.items()}
        case Seq():
            return [core(item) for item in value]
        case Text() if value.style is not None:
            return str(value)
    if value.lower() in ("", "~", "null"):
        return None
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    if INTEGER.fullmatch(value):
        return int(value)
    return float(value) if FLOAT.fullmatch(value) else str(value)


def faults(name: str, text: str) -> list[tuple[list[object], str]]:
    """Path and message of each fault that the schema sees in a text."""
    map, found = read_plain_yaml(Source(f"{name}.yaml", text))
    assert found == []
    validator = Draft202012Validator(json_schema(name))
    return [(list(error.path), error.message) for error in validator.iter_errors(core(map))]


@pytest.mark.parametrize("name", FILES)
def test_schema_is_a_schema(name: str) -> None:
    """Each schema obeys draft 2020-12, and every reference in it leads to a definition that is used."""
    schema = json_schema(name)
    Draft202012Validator.check_schema(schema)
    used = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema)))
    assert used == set(schema["$defs"])  # type: ignore[call-overload]


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("name", ["study", "questionnaire"])
def test_examples_obey_their_schema(example: str, name: str, root: Path) -> None:
    """The schemas accept both examples as an editor reads them."""
    file = f"{name}.yaml"
    assert faults(name, read_source(root / "examples" / example / file, file).text) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_of_a_question_is_pointed_at(fault: str) -> None:
    """A planted fault gives one message, at its own setting: kinds are told apart by if/then."""
    line, path, words = FAULTS[fault]
    good = "questions:\n- single: colour\n  ask: Which?\n  label: Colour\n"
    assert faults("questionnaire", good) == []
    ((place, message),) = faults("questionnaire", f"{good}  {line}")
    assert place == path
    assert words in message
    map, _ = read_plain_yaml(Source("questionnaire.yaml", f"{good}  {line}"))
    found: list[object] = []
    QUESTIONNAIRE.check(map, "questionnaire.yaml", found)  # type: ignore[arg-type]
    assert found, "the shapes see the same fault"


def test_kind_of_a_question_is_asked_for() -> None:
    """An entry without a kind is refused, and `text` beside `info` is no second kind."""
    assert faults("questionnaire", "questions:\n- info: hello\n  text: Welcome\n") == []
    ((place, _),) = faults("questionnaire", "questions:\n- ask: Which?\n  label: Colour\n")
    assert place == ["questions", 0]
    assert faults("questionnaire", "questions:\n- single: a\n  ask: B\n  label: C\n  rows: {x: X}\n") != []


@pytest.mark.parametrize(
    ("line", "path", "words"),
    [
        ("inference: guess", ["inference"], "guess"),
        ("fieldwork: {from: 2013-11-01}", ["fieldwork"], "'to' is a required property"),
        ("disclosure: {group_minimum: 0}", ["disclosure", "group_minimum"], "minimum"),
        ("analysis: {compare: {test: all}}", ["analysis", "compare", "test"], "all"),
        ("wieghting: {use: w}", [], "wieghting"),
    ],
)
def test_fault_of_a_study_is_pointed_at(line: str, path: list[object], words: str) -> None:
    """A planted fault in study.yaml gives one message at its place."""
    head = HEAD if not line.startswith("inference") else HEAD.replace("inference: descriptive\n", "")
    assert faults("study", HEAD) == []
    ((place, message),) = faults("study", f"{head}{line}\n")
    assert place == path
    assert words in message


def test_study_written_otherwise_is_accepted() -> None:
    """A model in words, a privacy file, numbers in quotes: what the shapes accept, the schema accepts."""
    text = HEAD.replace("inference: descriptive", "inference: {model: {assume: weights known}}")
    assert (
        faults("study", text.replace("topline: 1", 'topline: "1"') + "privacy: privacy.md\nwave: 2013\n")
        == []
    )
    assert faults("study", HEAD + "privacy: {controller: We}\n") != []


def test_waves_obey_their_schema() -> None:
    """Names of waves are the author's; a status that does not exist is pointed at."""
    good = "waves:\n  2012: {frozen: frozen/1}\nquestions:\n  skills: {2012: q7, status: same}\n"
    assert faults("waves", good) == []
    ((place, message),) = faults("waves", good.replace("same", "equal"))
    assert (place, "equal" in message) == (["questions", "skills", "status"], True)
    found: list[object] = []
    WAVES.check(read_plain_yaml(Source("waves.yaml", good))[0], "waves.yaml", found)  # type: ignore[arg-type]
    assert found == []


SCALARS = {name: shape for name, shape in vars(engine).items() if isinstance(shape, Scalar)}
TEXTS = """
    yes No A_b a_b a1 1a 5 -5 0 01 2.5 -.5 nan inf 2013-11-01 2013-1-1 true false 7 a.b x=y
"""


@pytest.mark.parametrize("name", SCALARS)
@pytest.mark.parametrize("text", [*TEXTS.split(), "1 yes", "-1 no", "two words"])
def test_scalar_agrees_with_its_schema(name: str, text: str) -> None:
    """What the shape of a scalar reads, bare in a file, its schema accepts, and nothing else."""
    shape = SCALARS[name]
    value = core(Text(text, Mark("study.yaml", 1, 1)))
    if isinstance(value, bool) and shape.kind in ("name", "code name"):
        value = text  # an editor sees no name here; the reference says to quote it
    schema = Draft202012Validator(_Maker().schema(shape))
    assert schema.is_valid(value) == shape.reads(text)
    assert schema.is_valid(text) == shape.reads(text), "in quotes"


def test_fixed_words_are_accepted_as_editors_see_them() -> None:
    """`1` and `true` as one of a few words are also a number and a flag."""
    schema = Draft202012Validator(_Maker().schema(OneOf(("1", "true", "list"))))
    assert [value for value in (1, "1", True, "true", "list", 2, False) if schema.is_valid(value)] == [
        1, "1", True, "true", "list",
    ]  # fmt: skip


def test_records_of_one_title_are_two_definitions() -> None:
    """Two records that are called alike are kept apart."""
    one, two = record("thing", a=(engine.TEXT, "a")), record("thing", b=(engine.TEXT, "b"))
    maker = _Maker()
    assert [maker.schema(shape)["$ref"] for shape in (one, two, one)] == [
        "#/$defs/thing", "#/$defs/thing2", "#/$defs/thing",
    ]  # fmt: skip


def test_files_are_in_step(root: Path) -> None:
    """The files under schema/ are what the shapes give: `make schemas` writes them anew."""
    assert {str(path.relative_to(root)) for path in (root / "schema").rglob("*.json")} == dict(
        schema_files()
    ).keys()
    for name, text in schema_files():
        assert (root / name).read_text("utf-8") == text, f"{name} is behind the shapes: make schemas"
