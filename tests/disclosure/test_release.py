"""The door: what comes through it, of the non-voters study and of a small made-up one."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from tests.dataset.small import QUESTIONNAIRE, small_study

from topline.base import ToplineError, half_up
from topline.dataset import Dataset, data_file, read_data, read_responses, write_responses
from topline.designs import design_of
from topline.disclosure import Released, TableRequest, release
from topline.study import Study, read_study
from topline.study.address import parse_address
from topline.weights import weighted_designs

NON_VOTERS = Path(__file__).resolve().parents[2] / "examples" / "non-voters-2020"


@cache
def real() -> Dataset:
    """The answers of the non-voters study."""
    study = read_study(NON_VOTERS)
    path = data_file(study)
    assert path is not None
    return read_data(study, path)


def ask(*requests: str | TableRequest) -> Released:
    """Release figures of the non-voters study."""
    wanted = [parse_address(one) if isinstance(one, str) else one for one in requests]
    return release(real().study, real(), weighted_designs(real().study, real())[0], wanted)


def people(folder: Path, sizes: dict[str, tuple[int, int]], settings: str = "") -> tuple[Study, Dataset]:
    """A small study whose regions have (people, of whom liked it)."""
    study, path = small_study(folder, settings), folder / "answers.csv"
    rows = [
        {"region": region, "likes": "yes" if i < liked else "no", "age": None}
        for region, (n, liked) in sizes.items()
        for i in range(n)
    ]
    write_responses(study, path, [{k: v for k, v in row.items() if v} for row in rows], made_up=True)
    return study, read_responses(study, path)


def ask_of(study: Study, data: Dataset, *requests: str | TableRequest) -> Released:
    """Release figures of a small study."""
    wanted = [parse_address(one) if isinstance(one, str) else one for one in requests]
    return release(study, data, design_of(study, data), wanted)


#: What the draft report of the study prints, each read from the file of answers by other people than us.
PRINTED = {
    "registered=yes": 90,
    "plans=yes": 83,
    "registered=yes/voter=rarely": 65,
    "plans=yes/voter=rarely": 51,
    "ease=easy": 85,
    "ease=easy/voter=rarely": 76,
    "obstacles.queue=yes/race=black": 25,
    "obstacles.queue=yes/race=white": 17,
    "changes=many": 81,
    "changes=many/voter=rarely": 87,
    "changes=many/voter=always": 75,
    "like_you=none/voter=rarely": 40,
    "like_you=none/voter=always": 15,
    "trust.usps=trust": 83,
    "trust.congress=trust": 38,
    "why_not=nothing": 31,
    "why_not=candidates": 26,
    "why_not=unsure": 4,
}


@pytest.mark.parametrize(("address", "printed"), PRINTED.items())
def test_figures_of_the_report(address: str, printed: int) -> None:
    """Each figure, rounded once and half up, is the one printed."""
    assert half_up(ask(address).figure(parse_address(address)).value or 0.0) == printed


def test_a_figure_says_what_it_is_of() -> None:
    """Value, interval, bases, labels and base sentence come together."""
    figure = ask("registered=yes").figure(parse_address("registered=yes"))
    assert (figure.unit, figure.base, figure.hidden, figure.flags) == ("percent", 5816, None, ())
    assert figure.value == pytest.approx(89.8, abs=0.05)
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low < 89.8 < figure.high
    assert figure.effective == pytest.approx(5189, abs=1)
    assert (figure.question_label, figure.answer_label, figure.group_label) == (
        "Registered to vote",
        "Yes",
        "",
    )
    assert figure.base_sentence == "Base: all respondents who gave an answer"


def test_table_and_figures_agree() -> None:
    """Cells from cell sums are the figures from linearised values, person by person: two methods, one
    result.
    """
    request = TableRequest("ease", ("voter", "race"))
    table = ask(request).table(request)
    cells = [cell for row in table.rows for cell in row.cells]
    single = ask(*(str(cell.address) for cell in cells))
    assert len(cells) == 6 * 8
    for cell in cells:
        figure = single.figure(cell.address)
        assert figure.base == cell.base
        for name in ("value", "low", "high", "weighted_base", "effective", "df"):
            assert getattr(figure, name) == pytest.approx(getattr(cell, name), rel=1e-9), (cell.address, name)


def test_a_complement_is_taken_in_the_base() -> None:
    """Share and complement are 100 together."""
    found = ask("ease=easy", "ease!=easy").figures.values()
    assert sum(figure.value or 0.0 for figure in found) == pytest.approx(100)


def test_a_spread_brings_its_figures_in_order_and_tests_its_extremes() -> None:
    """The figures stand in the order of the grid; the highest is tested against each other, adjusted by
    Holm.
    """
    address = parse_address("trust.*=trust?highest=usps&lowest=congress")
    found = ask(str(address))
    figures = found.spread(address)
    rows = [row.name for row in real().study.questionnaire.by_id["trust"].rows]
    assert [figure.address.row for figure in figures] == rows
    top = found.contrast(parse_address("trust.usps=trust"), parse_address("trust.police=trust"))
    assert top.difference == pytest.approx(83.260 - 77.292, abs=0.001)
    assert top.p is not None
    assert top.adjusted is not None
    assert 0 < top.p <= top.adjusted < 0.05


def test_a_contrast_with_the_rest() -> None:
    """`a:rest` subtracts everybody else who has an answer to the filter's variable."""
    address = parse_address("registered=yes/race=black:rest")
    found = ask(str(address)).contrast(*address.sides())
    assert found.b.address == parse_address("registered=yes/race!=black")
    assert found.difference == pytest.approx((found.a.value or 0) - (found.b.value or 0))


def test_counts_and_bases() -> None:
    """Counters count people; a base is the number of people asked who gave an answer that counts."""
    found = ask("responses", "base(registered)", "mean(age)")
    assert found.figure(parse_address("responses")).value == 5836
    assert found.figure(parse_address("base(registered)")).value == 5816
    assert found.figure(parse_address("mean(age)")).unit == "mean"


def test_the_noun_follows_the_inference() -> None:
    """A model speaks of respondents, and has no response rate."""
    found = ask("responses")
    assert (found.noun, found.response_rate, found.made_up, found.made_up_sentence) == (
        "respondents", None, False, "",
    )  # fmt: skip


def test_unknown_names_are_refused() -> None:
    """A request for what the study does not have is an error with what might have been meant."""
    with pytest.raises(ToplineError, match="Did you mean registered"):
        ask("registred=yes")


def test_a_small_group_is_hidden_with_its_neighbour(tmp_path: Path) -> None:
    """A claim on either gets a figure without value and base, marked [c]; so does the table's column."""
    study, data = people(tmp_path, {"north": (9, 4), "south": (60, 30)})
    request = TableRequest("likes", ("region",))
    found = ask_of(study, data, "likes=yes/region=north", "likes=yes/region=south", "likes=yes", request)
    for group in ("north", "south"):
        figure = found.figure(parse_address(f"likes=yes/region={group}"))
        assert (figure.value, figure.base, figure.hidden) == (None, None, "[c]")
    assert found.figure(parse_address("likes=yes")).value == pytest.approx(100 * 34 / 69)
    table = found.table(request)
    assert [column.hidden for column in table.columns] == [None, "[c]", "[c]"]
    assert [cell.value for cell in table.rows[0].cells] == [pytest.approx(100 * 34 / 69), None, None]
    assert "[c]: hidden, so that nobody's answers can be worked out" in table.notes


def test_a_named_group_hides_what_its_answer_hides(tmp_path: Path) -> None:
    """A group under another name would show what is hidden under its own: the same rule holds."""
    study, data = people(tmp_path, {"north": (60, 30), "south": (9, 4)})
    figure = ask_of(study, data, "likes=yes/northerners").figure(parse_address("likes=yes/northerners"))
    assert (figure.value, figure.hidden) == (None, "[c]")
    study, data = people(tmp_path, {"north": (60, 30), "south": (50, 4)})
    figure = ask_of(study, data, "likes=yes/northerners").figure(parse_address("likes=yes/northerners"))
    assert figure.value == pytest.approx(50.0)
    assert figure.group_label == "people in the north"


@pytest.mark.parametrize(("middle", "hidden"), [(70, None), (50, "[c]")])
def test_a_group_of_either_answer_hides_what_its_answers_hide(
    tmp_path: Path, middle: int, hidden: str | None
) -> None:
    """60 young people are hidden with 9 old ones if more are in the middle: both together may be shown. But
    where the young are shown, both together would give the nine away.
    """
    asked = QUESTIONNAIRE.replace("where: region = north", "where: age_band = young or age_band = old")
    study, path = small_study(tmp_path, questionnaire=asked), tmp_path / "answers.csv"
    ages = ("20",) * 60 + ("50",) * middle + ("70",) * 9
    write_responses(study, path, [{"age": age} for age in ages], made_up=True)
    found = ask_of(study, read_responses(study, path), "responses/northerners", "responses/age_band=young")
    assert found.figure(parse_address("responses/northerners")).hidden == hidden
    young = found.figure(parse_address("responses/age_band=young"))
    assert young.hidden == (None if hidden else "[c]")


def test_the_share_of_a_hidden_group_is_hidden(tmp_path: Path) -> None:
    """How many are in a group stays hidden where it is asked as a share, a count or a row of a table."""
    study, data = people(tmp_path, {"north": (9, 4), "south": (60, 30)})
    request = TableRequest("region")
    wanted = ("region=north", "region!=north", "count(region=south)", "likes=yes")
    found = ask_of(study, data, *wanted, request)
    hidden = [found.figure(parse_address(one)).hidden for one in wanted]
    assert hidden == ["[c]", "[c]", "[c]", None]
    assert [row.cells[0].hidden for row in found.table(request).rows] == ["[c]", "[c]"]
    assert found.table(request).columns[0].base == 69
    study, data = people(tmp_path, {"north": (10, 4), "south": (60, 30)})
    assert ask_of(study, data, "region=north").figure(parse_address("region=north")).hidden is None


def test_a_table_of_two_attributes_counts_no_small_group(tmp_path: Path) -> None:
    """The cells of attributes by attributes are group sizes: one too small hides them all but Total."""
    study, path = small_study(tmp_path), tmp_path / "answers.csv"
    sizes = {("north", "20"): 3, ("north", "50"): 40, ("south", "20"): 50, ("south", "50"): 60}
    write_responses(
        study, path, [{"region": r, "age": a} for (r, a), n in sizes.items() for _ in range(n)], made_up=True
    )
    request = TableRequest("age_band", ("region",))
    table = ask_of(study, read_responses(study, path), request).table(request)
    young = [(cell.hidden, cell.value) for cell in table.rows[0].cells]
    assert young == [(None, pytest.approx(100 * 53 / 153)), ("[c]", None), ("[c]", None)]
    assert [cell.hidden for cell in table.rows[1].cells] == [None, "[c]", "[c]"]


def test_the_minimum_is_the_studys(tmp_path: Path) -> None:
    """With a minimum of 5, nine people are shown, though their base is too low for a percentage."""
    study, data = people(tmp_path, {"north": (9, 4), "south": (60, 30)}, "disclosure: {group_minimum: 5}\n")
    figure = ask_of(study, data, "likes=yes/region=north").figure(parse_address("likes=yes/region=north"))
    assert (figure.value, figure.base, figure.hidden, figure.flags) == (None, 9, "[x]", ("[x]",))


def test_what_is_never_crossed_is_hidden(tmp_path: Path) -> None:
    """A crossing that the study rules out is hidden however large it is."""
    settings = "disclosure: {never_cross: [[region, likes]]}\n"
    study, data = people(tmp_path, {"north": (50, 4), "south": (60, 30)}, settings)
    figure = ask_of(study, data, "likes=yes/region=north").figure(parse_address("likes=yes/region=north"))
    assert (figure.value, figure.hidden) == (None, "[c]")


def test_made_up_answers_say_so(tmp_path: Path) -> None:
    """What is released of made-up answers carries the sentence that every page prints."""
    study, data = people(tmp_path, {"north": (50, 4), "south": (60, 30)})
    found = ask_of(study, data, "likes=yes")
    assert found.made_up
    assert found.made_up_sentence.startswith("These answers are made up.")
    assert not release(study, replace(data, made_up=False), design_of(study, data), []).made_up


def test_descriptive_figures_have_no_intervals(tmp_path: Path) -> None:
    """These respondents and no others: no interval, no test, the noun respondents."""
    study, data = people(tmp_path, {"north": (50, 4), "south": (60, 30)})
    found = ask_of(study, data, "likes=yes/region=north:south")
    a, b = parse_address("likes=yes/region=north:south").sides()
    contrast = found.contrast(a, b)
    assert contrast.difference == pytest.approx(8 - 50)
    assert (contrast.p, contrast.low, contrast.a.low) == (None, None, None)


def test_every_kind_of_spread(tmp_path: Path) -> None:
    """A `*` stands for answers, or for the groups of a filter; a set for its list."""
    settings = "analysis: {sets: {both: [likes=yes, likes=not_yes]}}\n"
    study, data = people(tmp_path, {"north": (60, 30), "south": (50, 4)}, settings)
    written = {
        "likes=*": ["likes=yes", "likes=neither", "likes=no"],
        "likes=yes/region=*": ["likes=yes/region=north", "likes=yes/region=south"],
        "sets.both/region=north": ["likes=yes/region=north", "likes=not_yes/region=north"],
        "likes=*/region=*": [
            f"likes={answer}/region={region}"
            for answer in ("yes", "neither", "no")
            for region in ("north", "south")
        ],
    }
    found = ask_of(study, data, *written)
    for address, members in written.items():
        figures = found.spread(parse_address(address))
        assert [str(figure.address) for figure in figures] == members


def test_a_contrast_with_a_hidden_side_says_nothing(tmp_path: Path) -> None:
    """A difference would give the hidden figure away."""
    study, data = people(tmp_path, {"north": (9, 4), "south": (60, 30)})
    address = parse_address("likes=yes/region=north:all")
    contrast = ask_of(study, data, str(address)).contrast(*address.sides())
    assert contrast.a.hidden == "[c]"
    assert (contrast.difference, contrast.low, contrast.p) == (None, None, None)


def test_small_counts_are_hidden(tmp_path: Path) -> None:
    """A count of people below the minimum is hidden; none at all is not a group of people."""
    study, data = people(tmp_path, {"north": (60, 4), "south": (50, 50)})
    found = ask_of(
        study, data, "count(likes=yes)/region=north", "count(likes=yes)", "count(likes=neither)", "responses"
    )
    assert found.figure(parse_address("count(likes=yes)/region=north")).hidden == "[c]"
    assert found.figure(parse_address("count(likes=yes)")).value == 54
    assert found.figure(parse_address("count(likes=neither)")).value == 0
    assert found.figure(parse_address("responses")).value == 110


def test_means_are_of_scores_and_numbers(tmp_path: Path) -> None:
    """`mean(...)` is of the number, or of the scores of the answers."""
    study, data = people(tmp_path, {"north": (60, 30), "south": (50, 0)})
    found = ask_of(study, data, "mean(likes)/region=north").figure(parse_address("mean(likes)/region=north"))
    assert (found.unit, found.value, found.base) == ("mean", 50.0, 60)


def test_what_is_not_computed_yet_is_left_out() -> None:
    """Waves and medians are no figures yet, nor is a response rate without a frame."""
    wanted = ("registered=yes@2016", "median(age)", "response_rate")
    found = ask(*wanted)
    assert not found.figures
    for address in wanted:
        with pytest.raises(ToplineError, match="was not asked for"):
            found.figure(parse_address(address))


def test_a_census_has_a_response_rate_and_speaks_of_people(tmp_path: Path) -> None:
    """Responses by invited; the noun is people, since the inference reaches them."""
    folder = NON_VOTERS.parent / "digital-public-services"
    study, path = read_study(folder), tmp_path / "answers.csv"
    write_responses(study, path, [{"department": "dwp", "skills": "strongly_agree"}] * 304, made_up=True)
    data = read_responses(study, path)
    found = ask_of(study, data, "responses", "invited", "response_rate", "skills=agree")
    assert (found.noun, found.invited, found.response_rate) == ("people", 30400, 1.0)
    values = [found.figure(parse_address(one)).value for one in ("responses", "invited", "response_rate")]
    assert values == [304, 30400, 1.0]


def test_columns_that_are_never_crossed_are_hidden_in_tables(tmp_path: Path) -> None:
    """The block of an attribute that the study keeps apart from the question is hidden as a whole."""
    settings = "disclosure: {never_cross: [[region, likes]]}\n"
    study, data = people(tmp_path, {"north": (50, 4), "south": (60, 30)}, settings)
    request = TableRequest("likes", ("region",))
    table = ask_of(study, data, request).table(request)
    assert [column.hidden for column in table.columns] == [None, "[c]", "[c]"]
