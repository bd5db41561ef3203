"""What the values behind the door promise to those who read them."""

import pytest

from topline.base import ToplineError
from topline.disclosure import Figure, Released
from topline.study.address import parse_address


def _released(**parts: object) -> Released:
    given = {
        "study": "s",
        "title": "S",
        "inference": "descriptive",
        "noun": "respondents",
        "made_up": False,
        "made_up_sentence": "",
        "responses": 10,
        "invited": None,
        "response_rate": None,
        "weighting": "",
        "data_hash": "",
        **parts,
    }
    return Released(**given)


def test_a_figure_is_found_whatever_its_address_asserts() -> None:
    """Conditions of an address say what must hold of the figure, not which figure it is."""
    address = parse_address("party=a/region=*")
    figure = Figure(address, "percent", 50.0)
    found = _released(spreads={address: (figure,)})
    assert found.spread(parse_address("party=a/region=*?highest=n")) == (figure,)


def test_what_was_not_requested_is_refused_with_what_to_do() -> None:
    """A figure that did not go through the gate is not computed on the way: the error says to request it."""
    with pytest.raises(ToplineError) as caught:
        _released().figure(parse_address("party=a"))
    assert caught.value.findings[0].text == (
        "party=a was not asked for when the figures were released. Add it to the requests of the release."
    )
