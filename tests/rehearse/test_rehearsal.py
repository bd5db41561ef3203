"""Made-up people: their answers come to the targets, go through the pages, and stand in one file."""

import csv
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from topline.base import ToplineError, half_up
from topline.cli import main
from topline.dataset import read_responses
from topline.rehearse.people import make_people
from topline.rehearse.rehearsal import rehearse, send
from topline.rehearse.targets import read_targets
from topline.study import read_study
from topline.study.compile import compile_study
from topline.study.model import Study
from topline.study.values import NoAnswer

ROOT = Path(__file__).resolve().parents[2]
KINDS = ROOT / "tests" / "studies" / "every-kind"
DIGITAL = ROOT / "examples" / "digital-public-services"
PLAIN = "people: 60\ncounts:\n  department: {moj: 40, dft: 20}\n"


@pytest.fixture(scope="module")
def kinds() -> Study:
    """The study with every kind of question."""
    return read_study(KINDS)


@pytest.fixture
def targets(tmp_path: Path) -> Callable[[str], Path]:
    """Write a file of targets."""

    def write(text: str) -> Path:
        path = tmp_path / "targets.yaml"
        path.write_text(text, "utf-8")
        return path

    return write


def test_every_kind_goes_through_the_pages(
    kinds: Study, targets: Callable[[str], Path], tmp_path: Path
) -> None:
    """Sixty people with answers to every kind of question come out of the pages as they went in."""
    output = tmp_path / "answers.csv"
    done = rehearse(kinds, targets(PLAIN), output, people=60, seed=3, through_pages=60)
    assert (done.people, done.through_pages) == (60, 60)
    data = read_responses(kinds, output)
    assert data.n == 60
    assert data.made_up


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "",
            "Their answers were not counted again: the file of targets has nothing under figures, bounds, "
            "orders, bases or falling.",
        ),
        (
            "figures:\n  statement=agree: 30\n  full_time=yes: 50\nbounds:\n  site=north: < 60\n",
            "Counted again in their answers, these targets hold: 2 under figures, 1 under bounds.",
        ),
    ],
)
def test_it_is_said_which_targets_hold(
    targets: Callable[[str], Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    said: str,
) -> None:
    """The verb names the parts of the file that were counted again, or says that there are none."""
    output, file = tmp_path / "a.csv", targets(PLAIN + text)
    assert (
        main(["rehearse", str(KINDS), "--targets", str(file), "-o", str(output), "--through-pages", "2"]) == 0
    )
    assert capsys.readouterr().out == (
        f"60 made-up people written to {output}.\n{said}\n"
        "2 of them went through the pages, and what came out is what went in.\n"
    )


def test_the_same_seed_gives_the_same_answers(kinds: Study, targets: Callable[[str], Path]) -> None:
    """Answers hang on the seed alone."""
    wanted, compiled = read_targets(targets(PLAIN), kinds), compile_study(kinds)
    assert make_people(kinds, compiled, wanted, 5) == make_people(kinds, compiled, wanted, 5)
    assert make_people(kinds, compiled, wanted, 5) != make_people(kinds, compiled, wanted, 6)


def test_routes_are_kept(kinds: Study, targets: Callable[[str], Path]) -> None:
    """Who is not led to a question is not asked it, and nobody else is."""
    people = make_people(kinds, compile_study(kinds), read_targets(targets(PLAIN), kinds), 1)
    for person in people:
        ways = person["ways"]
        asked = isinstance(ways, frozenset) and len(ways) >= 2
        assert (person["worst"] != NoAnswer("not_asked")) is asked
    assert len({person["worst"] == NoAnswer("not_asked") for person in people}) == 2


def test_answers_that_differ_behind_the_pages_are_told(kinds: Study, targets: Callable[[str], Path]) -> None:
    """An answer that the pages cannot have taken as given stops the rehearsal, with the question's name."""
    (person, *_) = make_people(kinds, compile_study(kinds), read_targets(targets(PLAIN), kinds), 1)
    person["never_asked"] = "x"
    with pytest.raises(
        ToplineError, match="what came out of the pages is not what went in: never_asked is None, was x"
    ):
        send(compile_study(kinds), [person], 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "figures:\n  statement=agree/department=dft: 33\n",
            "5:3 error: statement=agree/department=dft cannot be reached: no",
        ),
        (
            "figures:\n  statement=agree: 10\n  statement=agree/department=dft: 60\n",
            "6:3 error: statement=agree/department=",
        ),
        ("figures:\n  statement=agree: 30\n  statement!=agree: 60\n", "statement!=agree cannot be reached"),
        ("bases:\n  base(statement): 50\n", "statement must be answered, so nobody can skip it."),
        ("figures:\n  ways=bus: 20\n", "targets.yaml:5:3 error: ways is a multiple question"),
        (
            "shares:\n  statment: {neither: 30}\n",
            "5:3 error: there is no question, attribute or split statment in the study. Did you mean st",
        ),
        ("shares:\n  ways: {buss: 30}\n", "5:10 error: buss is no answer to ways. Did you mean bus?"),
        ("shares:\n  minutes: {long: 30}\n", "5:13 error: long is no answer to minutes."),
        (
            "shares:\n  minutes: {5: 60, 20: 50.5}\n",
            "targets.yaml:5:3 error: the shares of minutes add up to 110.5%, and nobody gives two",
        ),
        (
            "shares:\n  statement: {neither: 60, tend_to_agree: 50}\n",
            "5:3 error: the shares of statement add",
        ),
        (
            "shares:\n  minutes: {5: 60, 241: 40}\n",
            "targets.yaml:5:20 error: 241 is outside the range of minutes, 0 to 240, so nobody can",
        ),
        ("shares:\n  minutes: {-1: 60}\n", "5:13 error: -1 is outside the range of minutes, 0 to 240, so"),
        ("shares:\n  minutes: {2.5: 60}\n", "5:13 error: 2.5 has more decimals than minutes takes: 0."),
        ("shares:\n  minutes: {5: Infinity}\n", "5:16 error: Infinity stands where a whole number must"),
        (
            "shares:\n  ways: {none: 70, train: 20, bus: 40}\n",
            "5:31 error: 40% of bus and 70% of none are more than 100 per cent of those asked ways: who "
            "chooses none chooses nothing else.",
        ),
        (
            "shares:\n  ways: {none: 50, refused: 30, bus: 30}\n",
            "5:33 error: 30% of bus and 80% of none, refused are more than 100 per cent of those asked ways",
        ),
        ("shares:\n  ways: {bus: 101}\n", "5:10 error: 101% of bus is more than 100 per cent."),
        (
            "shares:\n  ways: {none: 90, refused: 30}\n",
            "5:10 error: none, refused of ways stand alone, and come to 120% together. Make that",
        ),
        (
            "shares:\n  since: {2020-01-01: 3}\n",
            "5:3 error: since is a date question: its answers are made up",
        ),
        ("words:\n  ways: {texts: [x]}\n", "5:3 error: ways takes no words. Name an open question, or a box"),
        (
            "figures:\n  full_time=yes/department=dft: 30\n  full_time=no/department=moj: 30\n",
            "speak of different answers",
        ),
        (
            "figures:\n  full_time=yes/department=dft: 30\n  full_time=yes/town=leeds: 30\n",
            "speak of department and town",
        ),
        ("figures:\n  statement=agreed: 30\n", "5:3 error: "),
        ("figures:\n  statement=agree: many\n", "many stands where a whole number must stand."),
        ("figures:\n  statement=agree: 101\n", "101 is more than 100 per cent."),
        ("bounds:\n  statement=agree: 40\n", "40 stands where a bound must stand, as in: < 40"),
        ("orders:\n  statement: x\n", "stands where a list must stand"),
        ("orders:\n  - statement=agree\n", "statement=agree says nothing of who leads among groups."),
        (
            "falling:\n  - [statement=agree, statement=agree]\n",
            "do not hold statement=agree > statement=agree",
        ),
        ("figure:\n  statement=agree: 30\n", "figure is not a part of a file of targets."),
    ],
)
def test_bad_targets_are_named(
    kinds: Study, targets: Callable[[str], Path], tmp_path: Path, text: str, said: str
) -> None:
    """A target that cannot be read or reached is an error that says which; no file is written."""
    with pytest.raises(ToplineError) as error:
        rehearse(kinds, targets(PLAIN + text), tmp_path / "a.csv", people=None, seed=1, through_pages=0)
    assert said in str(error.value)
    assert not (tmp_path / "a.csv").exists()


def test_file_of_targets_that_is_not_there(kinds: Study, tmp_path: Path) -> None:
    """A wrong path of the targets is told as such, with the smallest file that would do."""
    with pytest.raises(ToplineError, match=r"none\.yaml error: there is no such file of targets\."):
        read_targets(tmp_path / "none.yaml", kinds)


def test_shares_of_several_answers_are_met(kinds: Study, targets: Callable[[str], Path]) -> None:
    """Each answer of a multiple response is as common as its share, beside exclusive and missing ones."""
    text = "shares:\n  ways: {train: 40, bus: 30, foot: 50, none: 15, refused: 5}\n"
    people = make_people(kinds, compile_study(kinds), read_targets(targets(PLAIN + text), kinds), 1)
    ways = [person["ways"] for person in people]
    sets = [each for each in ways if isinstance(each, frozenset)]
    found = {name: sum(name in each for each in sets) for name in ("train", "bus", "foot", "none")}
    assert found == {"train": 24, "bus": 18, "foot": 30, "none": 9}
    assert ways.count(NoAnswer("refused")) == 3
    assert all(len(each) == 1 for each in sets if "none" in each)


def test_counts_must_add_up(kinds: Study, targets: Callable[[str], Path]) -> None:
    """Counts of an attribute that are not the number of people are refused."""
    with pytest.raises(ToplineError, match="the counts of department add up to 50, and there are 60 people"):
        read_targets(targets("people: 60\ncounts:\n  department: {moj: 40, dft: 10}\n"), kinds)


def test_another_number_of_people_is_refused(
    kinds: Study, targets: Callable[[str], Path], tmp_path: Path
) -> None:
    """Targets are of a number of people; `-n` may say it, not change it."""
    with pytest.raises(ToplineError, match=r"50 people are asked for, and the targets in .* are of 60"):
        rehearse(kinds, targets(PLAIN), tmp_path / "a.csv", people=50, seed=1, through_pages=0)


# --- the survey of 2013


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The made-up answers of the 2013 study, as any program would read them."""
    output = tmp_path_factory.mktemp("digital") / "answers.csv"
    command = [
        "rehearse",
        str(DIGITAL),
        "--targets",
        str(DIGITAL / "rehearsal" / "targets.yaml"),
        "-o",
        str(output),
    ]
    assert main(command) == 0
    with output.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


AGREE, POSITIVE, BASE5 = {"5", "4"}, {"5", "4"}, {"1", "2", "3", "4", "5", "97"}


def share(
    rows: list[dict[str, str]], column: str, answers: set[str], base: set[str], **group: str
) -> Fraction:
    """A share counted from the cells of the file."""
    cells = [row[column] for row in rows if all(row[name] == code for name, code in group.items())]
    return Fraction(100 * sum(cell in answers for cell in cells), sum(cell in base for cell in cells))


@pytest.mark.parametrize(
    ("column", "answers", "base", "group", "printed"),
    [
        ("momentum", {"3"}, BASE5, {}, 45),
        ("momentum", {"4"}, BASE5, {}, 16),
        ("momentum", {"3", "4"}, BASE5, {}, 61),
        ("progress.flexible", POSITIVE, BASE5, {}, 31),
        ("progress.flexible", POSITIVE, BASE5, {"department": "11"}, 60),
        ("progress.flexible", POSITIVE, BASE5, {"department": "8"}, 20),
        ("progress.it_tools", POSITIVE, BASE5, {"department": "6"}, 31),
        ("progress.it_tools", POSITIVE, BASE5, {"department": "2"}, 6),
        ("progress.security", POSITIVE, BASE5, {}, 9),
        ("device_controls", AGREE, BASE5, {}, 74),
        ("mobile_access", {"2"}, BASE5, {}, 95),
        ("new_technology_helps", AGREE, BASE5, {}, 29),
        ("new_technology_helps", BASE5 - AGREE, BASE5, {}, 71),
        ("satisfied_pace", AGREE, BASE5, {}, 14),
        ("satisfied_pace", AGREE, BASE5, {"profession": "1"}, 20),
        ("skills", AGREE, BASE5, {}, 36),
        ("skills", AGREE, BASE5, {"department": "4"}, 43),
        ("skills", AGREE, BASE5, {"department": "6"}, 43),
        ("skills", AGREE, BASE5, {"department": "10"}, 17),
        ("initiatives_aware", {"2"}, BASE5, {"profession": "1"}, 28),
        ("technology_improved_delivery", {"1"}, BASE5, {}, 39),
        ("technology_improved_delivery", {"97"}, BASE5, {}, 17),
        ("user_centred", AGREE, BASE5, {}, 26),
    ],
)  # fmt: skip
def test_figures_of_2013_as_printed(
    rows: list[dict[str, str]],
    column: str,
    answers: set[str],
    base: set[str],
    group: dict[str, str],
    printed: int,
) -> None:
    """Every figure of the report, rounded half up, comes from the cells of the file."""
    assert half_up(share(rows, column, answers, base, **group)) == printed


def test_bases_and_orders_of_2013(rows: list[dict[str, str]]) -> None:
    """Base tables, who leads and who comes last, thresholds, and the main departments' figure hold."""
    assert len(rows) == 2439
    assert all(row["topline.made_up"] == "1" for row in rows)
    sizes = {code: sum(row["department"] == code for row in rows) for code in [*map(str, range(1, 12)), "99"]}
    assert list(sizes.values()) == [720, 441, 123, 106, 95, 84, 73, 61, 55, 51, 50, 580]
    grades = {code: sum(row["seniority"] == code for row in rows) for code in ("1", "2", "-6")}
    assert grades == {"1": 606, "2": 1774, "-6": 59}
    main_ones = [row for row in rows if row["department"] != "99"]
    assert half_up(share(main_ones, "digital_leader", {"1"}, BASE5)) == 52
    assert share(rows, "leadership", AGREE, BASE5) < 40
    assert share(rows, "information_sharing", AGREE, BASE5) < 25
    for column, first, last in (
        ("progress.flexible", {"11"}, {"8"}),
        ("progress.it_tools", {"6"}, {"2"}),
        ("skills", {"4", "6"}, {"10"}),
    ):
        shares = {code: share(rows, column, AGREE, BASE5, department=code) for code in sizes}
        middle = [each for code, each in shares.items() if code not in first | last]
        assert min(shares[code] for code in first) > max(middle)
        assert max(shares[code] for code in last) < min(middle)


def test_made_up_answers_of_2013_have_no_words_of_2013(rows: list[dict[str, str]]) -> None:
    """Open answers are ours: the one that the report quotes is not among them."""
    written = {row["anything_else"] for row in rows} - {"-6"}
    assert len(written) > 3
    assert not any("Victorian" in text for text in written)
