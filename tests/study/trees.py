"""Random conditions for property tests."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from topline.study.lexer import RESERVED
from topline.study.tree import And, Compare, Count, Has, In, InGroup, Is, Not, Or, Ref

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True).filter(lambda name: name not in RESERVED)
REFS = st.builds(Ref, NAMES, st.none() | NAMES)
NUMBERS = st.decimals(-1000, 1000, places=2) | st.integers(-99, 99).map(Decimal)
DATES = st.dates(date(1900, 1, 1), date(2100, 1, 1))
ANSWERS = st.lists(NAMES, min_size=1, max_size=3, unique=True).map(tuple)
ORDERED = st.sampled_from(["<", "<=", ">", ">="])
EQUAL = st.sampled_from(["=", "!="])


def tests() -> st.SearchStrategy[object]:
    """One comparison, of any form."""
    return st.one_of(
        st.builds(Compare, REFS, EQUAL, NAMES),
        st.builds(Compare, REFS, EQUAL | ORDERED, NUMBERS | DATES),
        st.builds(In, REFS, ANSWERS, st.booleans()),
        st.builds(Has, REFS, ANSWERS, st.sampled_from(["any", "all"])),
        st.builds(Count, REFS, EQUAL | ORDERED, st.integers(0, 9)),
        st.builds(Is, REFS, NAMES, st.booleans()),
        st.builds(InGroup, NAMES),
    )


def nodes(leaves: st.SearchStrategy[object] | None = None) -> st.SearchStrategy[object]:
    """Trees of comparisons (or of `leaves`) joined by not, and, or."""
    return st.recursive(
        tests() if leaves is None else leaves,
        lambda part: st.one_of(
            st.builds(Not, part),
            st.lists(part, min_size=2, max_size=3).map(tuple).map(And),
            st.lists(part, min_size=2, max_size=3).map(tuple).map(Or),
        ),
        max_leaves=8,
    )
