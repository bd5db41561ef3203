"""Studies built in memory, for tests of conditions: no file, no loader."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from topline.base import Mark
from topline.study.marks import Text
from topline.study.model import (
    Attribute,
    Group,
    Missing,
    Net,
    Option,
    Question,
    Questionnaire,
    Row,
    Section,
    Split,
    Study,
)  # fmt: skip
from topline.study.parse import parse_condition
from topline.study.tree import Condition

FILE = "questionnaire.yaml"
LABELS = {"dont_know": "Don't know", "refused": "Prefer not to say", "not_applicable": "Does not apply"}


def condition(text: str, line: int = 0, column: int = 11) -> Condition:
    """Parse a condition, at a place of questionnaire.yaml if `line` is given."""
    if not line:
        return parse_condition(text)
    return parse_condition(Text(text, Mark(FILE, line, column), None, (line, column + len(text))))


def options(names: str, **settings: Mapping[str, object]) -> tuple[Option, ...]:
    """Answers from `"yes no"`, coded from 1, each labelled by its name in words."""
    return tuple(
        Option(name, name.replace("_", " ").capitalize(), code, **settings.get(name, {}))
        for code, name in enumerate(names.split(), start=1)
    )


def question(id: str, answers: str = "", *, line: int = 0, **settings: object) -> Question:
    """Make a question: `single` if it has answers, else what `kind` says; `ask_if` and `missing` as text.

    `exclusive`: names of exclusive options; `nets`: name to names; `rows`: names of a grid's rows.
    """
    settings.setdefault("kind", "single")
    settings.setdefault("label", id.replace("_", " ").capitalize())
    settings.setdefault("page", id)
    if isinstance(ask_if := settings.get("ask_if"), str):
        settings["ask_if"] = condition(ask_if, line + 1 if line else 0)
    exclusive = str(settings.pop("exclusive", "")).split()
    settings["options"] = options(answers, **{name: {"exclusive": True} for name in exclusive})
    settings["missing"] = tuple(Missing(n, LABELS[n]) for n in str(settings.get("missing", "")).split())
    nets = dict(settings.get("nets", {}))
    settings["nets"] = tuple(Net(n, n.capitalize(), tuple(of.split())) for n, of in nets.items())
    settings["rows"] = tuple(
        Row(n, n.capitalize(), i) for i, n in enumerate(str(settings.get("rows", "")).split())
    )
    return Question(id=id, mark=Mark(FILE, line, 1) if line else None, **settings)


def study(
    *questions: Question,
    groups: Mapping[str, str] | None = None,
    sections: Sequence[Section] = (),
    attributes: Sequence[Attribute] = (),
    splits: Sequence[Split] = (),
    **settings: object,
) -> Study:
    """Make a study of these questions; groups as name to condition."""
    named = tuple(Group(n, f"those of {n}", condition(text)) for n, text in (groups or {}).items())
    settings.setdefault("folder", "study")
    return Study(
        id="made_up",
        title="Made up",
        languages=("en",),
        inference="descriptive",
        questionnaire=Questionnaire(
            questions=questions, sections=tuple(sections), groups=named, splits=tuple(splits)
        ),
        attributes=tuple(attributes),
        **settings,
    )


def small_study() -> Study:
    """One question of each kind, with nets, groups of groups, an attribute and a split."""
    parties = {"major": "republican democrat"}
    return study(
        question("party", "republican democrat another", nets=parties, missing="refused"),
        question("leaning", "republican democrat", ask_if="outsiders"),
        question(
            "trust", "a_lot some none", kind="grid", rows="police courts", nets={"trusted": "a_lot some"},
            missing="dont_know refused",
        ),
        question(
            "problems", "apps cloud social other none_of_these", kind="multiple", exclusive="none_of_these",
            nets={"software": "apps social"}, missing="dont_know",
        ),
        question("worst", "", kind="rank", options_from="problems", ask_if="count(problems) >= 2"),
        question("devices", kind="number", minimum=Decimal(0), maximum=Decimal(20), missing="dont_know"),
        question("joined", kind="date"),
        question("comment", kind="text", required=False),
        question("voted", "yes no"),
        groups={
            "major_party": "party = major",
            "outsiders": "not major_party or party is refused",
        },
        attributes=[Attribute("department", "Department", options=options("moj ho dft"))],
        splits=[Split("direction", "Direction", {"forward": 1, "backward": 1})],
    )  # fmt: skip
