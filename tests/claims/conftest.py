"""A small study and hand-made released figures."""

import pytest

from topline.disclosure.released import Figure, Released
from topline.study.address import Address, parse_address
from topline.study.model import Attribute, Missing, Net, Option, Question, Questionnaire, Row, Study

SCALE = (Option("yes", "Yes"), Option("maybe", "Maybe"), Option("no", "No"))
DONT_KNOW = (Missing("dont_know", "Don't know", in_base=True),)
NETS = (Net("agree", "Agree", ("yes", "maybe")),)


@pytest.fixture
def study() -> Study:
    """Two questions and departments."""
    return Study(
        id="small",
        title="Small",
        folder=".",
        languages=("en",),
        inference="descriptive",
        questionnaire=Questionnaire(
            questions=(
                Question("single", "skills", label="Skills", options=SCALE, missing=DONT_KNOW, nets=NETS),
                Question("rank", "order", label="Order", options=SCALE),
                Question("number", "devices", label="Devices"),
                Question("grid", "trust", label="Trust", options=SCALE, rows=(Row("police", "The police"),)),
            )
        ),
        attributes=(
            Attribute("department", "Department", options=(Option("moj", "Justice"), Option("wo", "Wales"))),
        ),
    )


def _released(figures: dict[str, Figure]) -> Released:
    """What `disclosure.release` would give for these figures."""
    return Released(
        study="small",
        title="Small",
        inference="descriptive",
        noun="respondents",
        made_up=False,
        made_up_sentence="",
        responses=2439,
        invited=30400,
        response_rate=8.0,
        weighting="None.",
        data_hash="0",
        figures={parse_address(text): figure for text, figure in figures.items()},
    )


def _share(text: str, value: float | None, **more: object) -> tuple[str, Figure]:
    """One entry of the figures: a share with a base of 2,390."""
    address: Address = parse_address(text)
    return text, Figure(address, "percent", value, **{"base": 2390, **more})  # type: ignore[arg-type]


@pytest.fixture
def figures() -> Released:
    """Released figures of the small study, one of them hidden."""
    entries = dict(
        [
            _share("skills=agree", 36.2),
            _share("skills!=agree", 63.8),
            _share("skills=yes", 26.3, low=24.6, high=28.1),
            _share("skills=agree/department=moj", 89.8, low=88.9, high=90.6, base=5816),
            _share("skills=agree/department=wo", None, base=None, hidden="[c]"),
            ("base(skills)", Figure(parse_address("base(skills)"), "count", 2390)),
            ("responses", Figure(parse_address("responses"), "count", 2439)),
        ]
    )
    return _released(entries)
