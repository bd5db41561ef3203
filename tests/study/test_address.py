"""Addresses of figures: the grammar of FORMAT.md section 6."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topline.base import Mark, ToplineError
from topline.study.address import Address, Condition, Filter, parse_address

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True).filter(
    lambda name: name not in ("sets", "responses", "invited", "response_rate", "rest", "all", "rose", "fell")
)
ANSWERS = st.one_of(st.just(("*",)), st.lists(NAMES, min_size=1, max_size=3).map(tuple))
OPERATORS = st.sampled_from(["=", "!="])


@st.composite
def measures(draw: st.DrawFn) -> Address:
    """Every form of a measure, with or without a statistic around it."""
    if draw(st.booleans()):
        answered = draw(st.booleans())
        measure = Address(
            draw(NAMES),
            row=draw(st.one_of(st.none(), st.just("*"), NAMES)),
            op=draw(OPERATORS) if answered else None,
            answers=draw(ANSWERS) if answered else (),
        )
    else:
        counter = st.sampled_from(["responses", "invited", "response_rate"]).map(Address)
        measure = draw(st.one_of(counter, NAMES.map(lambda name: Address(name, is_set=True))))
    stat = draw(st.sampled_from([None, "mean", "median", "base", "count", "index", "cite"]))
    return Address(measure.name, measure.row, measure.op, measure.answers, stat, measure.is_set)


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    """A named group, groups of an attribute, or a pair."""
    name = draw(st.one_of(NAMES, st.tuples(NAMES, NAMES).map(".".join)))
    kind = draw(st.sampled_from(["group", "groups", "pair"]))
    if kind == "group":
        return Filter(name)
    if kind == "groups":
        return Filter(name, draw(OPERATORS), draw(ANSWERS))
    return Filter(
        name, draw(OPERATORS), (draw(NAMES),), draw(st.one_of(NAMES, st.sampled_from(["rest", "all"])))
    )


CONDITIONS = st.one_of(
    st.sampled_from([Condition("rose"), Condition("fell")]),
    st.builds(
        Condition,
        st.sampled_from(["highest", "lowest"]),
        st.lists(NAMES, min_size=1, max_size=3).map(tuple),
    ),
    st.builds(
        lambda kind, bound: Condition(kind, bound=bound),
        st.sampled_from(["over", "under"]),
        st.decimals(-1000, 1000, places=2),
    ),
)
WAVES = st.one_of(st.just(()), st.just(("*",)), NAMES.map(lambda w: (w,)), st.tuples(NAMES, NAMES))


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    """Every address that the grammar allows."""
    of = draw(st.lists(filters(), max_size=3, unique_by=lambda f: f.name))
    waves = draw(WAVES)
    if sum(bool(f.versus) for f in of) + (len(waves) == 2) > 1:
        of, waves = of[:1], waves if not of or not of[0].versus else waves[:1]
    measure = draw(measures())
    return Address(
        measure.name,
        measure.row,
        measure.op,
        measure.answers,
        measure.stat,
        measure.is_set,
        tuple(of),
        waves,
        tuple(draw(st.lists(CONDITIONS, max_size=2))),
    )


@given(addresses())
def test_every_address_survives_writing_and_reading(address: Address) -> None:
    """The canonical text of an address reads as the same address, and stays the same text."""
    assert parse_address(str(address)) == address
    assert parse_address(f"#{address}") == address
    assert str(parse_address(str(address))) == str(address)
    assert hash(parse_address(str(address))) == hash(address)


@given(st.text(alphabet="ab.*=!/:@?&,()#1", max_size=12))
def test_any_other_text_is_refused_with_a_place_inside_it(text: str) -> None:
    """What is not an address raises ToplineError; its column lies within the text or just behind it."""
    try:
        address = parse_address(text, Mark("report.md", 3, 10))
    except ToplineError as error:
        (finding,) = error.findings
        assert finding.text
        assert finding.mark is not None
        assert 10 <= finding.mark.column <= 10 + len(text)
    else:
        assert parse_address(str(address)) == address


def test_parts_are_read_as_the_grammar_names_them() -> None:
    """A long address gives its measure, filters, waves and conditions."""
    address = parse_address("#trust.*!=a_lot,some/voter=rarely:rest/ever_vote@2012?highest=usps&over=50.50")
    assert address.variable == "trust.*"
    assert (address.op, address.answers) == ("!=", ("a_lot", "some"))
    assert address.filters == (Filter("ever_vote"), Filter("voter", "=", ("rarely",), "rest"))
    assert address.waves == ("2012",)
    assert address.conditions == (Condition("highest", ("usps",)), Condition("over", bound=Decimal("50.5")))
    assert address.is_spread
    assert address.is_contrast
    assert str(address.figure) == "trust.*!=a_lot,some/ever_vote/voter=rarely:rest@2012"


def test_equal_figures_have_equal_addresses() -> None:
    """The order of groups and filters does not matter: the same people, the same address."""
    assert parse_address("skills=agree/department=moj,dft/voter=a") == parse_address(
        "skills=agree/voter=a/department=dft,moj"
    )


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        ("skills=agree/department=moj:dft", "skills=agree/department=moj", "skills=agree/department=dft"),
        ("skills=agree/department=moj:rest", "skills=agree/department=moj", "skills=agree/department!=moj"),
        ("skills=agree/department=moj:all", "skills=agree/department=moj", "skills=agree"),
        ("skills=agree/it@2012:2013", "skills=agree/it@2012", "skills=agree/it@2013"),
    ],
)
def test_a_contrast_has_two_sides(text: str, left: str, right: str) -> None:
    """`a:b`, `a:rest`, `a:all` and `@a:b` name two figures each."""
    assert tuple(map(str, parse_address(text).sides())) == (left, right)


def test_a_single_figure_has_no_sides() -> None:
    """Asking for the sides of what compares nothing is a programmer's error."""
    with pytest.raises(ValueError, match="skills=agree compares nothing"):
        parse_address("skills=agree").sides()


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("#", 1, "an address is empty."),
        ("#skills=", 8, "“#skills=” is not an address: an answer or net is expected at “the end”."),
        ("#skills=agree/department=moj:", 29, "a group, rest or all is expected at “the end”."),
        ("#skills=agree?best=moj", 14, "there is no condition “best”."),
        ("#skills=agree?over=half", 19, "“half” is not a number. Write over=50, for example."),
        (
            "#avg(skills)",
            1,
            "there is no statistic “avg”. Use one of: mean, median, base, count,",
        ),
        ("#mean(skills", 12, "a closing parenthesis is expected at “the end”."),
        ("#responses=yes", 1, "responses counts people: it takes no answer and no row."),
        (
            "#skills=agree@2012/it",
            18,
            "“/it” is left over. After the measure come /filter, @wave and",
        ),
        ("#skills=agree/a=b/a=c", 18, "filters by a twice. Name the groups in one filter: a=a,b"),
        ("#skills=agree/a=b:c@2012:2013", 0, "compares two things at once."),
        ("#skills = agree", 7, "“ = agree” is left over."),
    ],
)
def test_a_fault_is_said_at_its_place(text: str, place: int, message: str) -> None:
    """Each fault of syntax has its sentence and stands at the character where reading stopped."""
    with pytest.raises(ToplineError) as caught:
        parse_address(text, Mark("report.md", 2, 1))
    (finding,) = caught.value.findings
    assert message in finding.text
    assert finding.mark == Mark("report.md", 2, 1 + place)
