"""README.md: its pictures are there and light, its examples are those that are tested elsewhere."""

import re
from pathlib import Path

from tests.docs.pages import blocks

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
HEAVIEST = 150_000


def test_pictures_are_there_light_and_described() -> None:
    """Each picture is a PNG under 150 kB in docs/pictures, with an alternative text; none lies unused."""
    pictures = dict(re.findall(r'<img src="([^"]+)" width="\d+" alt="([^"]*)">', README))
    assert len(pictures) == README.count("<img") == 5
    for name, alternative in pictures.items():
        data = (ROOT / name).read_bytes()
        assert data.startswith(b"\x89PNG")
        assert len(data) < HEAVIEST, name
        assert len(alternative) > 40, name
    there = {str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "pictures").iterdir()}
    assert there == set(pictures)


def test_captions_say_made_up() -> None:
    """The line under each picture says that it shows made-up answers."""
    captions = re.findall(r"<img [^>]+>\n\n\*([^*]+)\*\n", README)
    assert len(captions) == 4
    assert [caption for caption in captions if "made" not in caption.lower()] == []


def test_message_of_check_is_the_one_of_the_tutorial() -> None:
    """What README shows of `topline check` is what the tutorial shows, which is run."""
    (shown,) = re.findall(r"^(questionnaire\.yaml:.*)$", README, re.M)
    printed = "".join(
        block.text for block in blocks(ROOT / "docs" / "tutorial.md") if block.language == "console"
    )
    assert f"{shown}\n" in printed


def test_links_lead_somewhere() -> None:
    """Each relative link of README.md leads to a file or folder of the project."""
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
