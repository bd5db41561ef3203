"""One fault, one finding: at the right place, in the right words, and nothing else."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from tests.study.broken import SOUND, findings_of

from topline.base.findings import catalogue
from topline.study import check_study, load

CASES = tomllib.loads((Path(__file__).parents[1] / "studies" / "broken.toml").read_text("utf-8"))["case"]


def test_the_sound_study_has_no_findings() -> None:
    """The study that the broken ones are made from gives no error, no warning and no note."""
    loaded = load(SOUND)
    assert loaded.study is not None
    assert [*loaded.findings, *check_study(loaded.study)] == []


@pytest.mark.parametrize("what", ["welsh", "waves", "published", "list", "frame", "data", "raking"])
def test_the_additions_have_no_findings(what: str) -> None:
    """What a broken study is given beside its fault is sound by itself."""
    assert findings_of({"with": what, "file": "study.yaml", "old": "id: sound", "new": "id: sound"}) == []


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_broken_study_gives_its_one_finding(case: dict[str, str]) -> None:
    """A study with one fault gives exactly the expected message at the right line and column."""
    assert findings_of(case) == [case["says"]]


def test_every_case_breaks_something_of_its_own() -> None:
    """No two cases are the same, and there are more than sixty."""
    assert len({(case["file"], case.get("old"), case.get("new"), case.get("with")) for case in CASES}) > 60


def test_every_message_of_the_study_layer_is_shown() -> None:
    """Each message about the files of a study is given by some broken study, so that none is dead."""
    shown = " ".join(case["says"] for case in CASES)
    missing = []
    for id, (_, template) in catalogue().items():
        pieces = [piece for piece in _fixed_parts(template) if len(piece) > 3]
        if id in OF_THE_STUDY and not all(piece in shown for piece in pieces):
            missing.append(id)
    assert missing == []


def _fixed_parts(template: str) -> list[str]:
    """The words of a template between its places."""
    text = template.replace("{{", "\0").replace("}}", "\1")
    parts = [part.split("}", 1)[-1] for part in text.split("{")]
    return [part.replace("\0", "{").replace("\1", "}") for part in parts]


def _ids(name: str) -> set[str]:
    path = Path(__file__).parents[2] / "src" / "topline" / "base" / "messages" / name
    return {id for messages in tomllib.loads(path.read_text("utf-8")).values() for id in messages}


#: Messages that a study on disk cannot show in one run of the checker; each has a test of its own.
ELSEWHERE = {
    "file-unreadable",
    "key-not-text",
    "yaml-other",
    "yaml-indent",
    "study-not-a-folder",
    "translate-language",
}
#: Messages of the sampling design that study.yaml alone can show; the others need answers (tests/designs).
OF_THE_DESIGN = {
    "clusters_needed",
    "stratum_unknown",
    "units_unknown",
    "units_no_number",
    "stages_population",
    "replicates_jkn",
    "replicates_scales",
    "replicates_rho",
}
OF_THE_STUDY = _ids("study.toml") - ELSEWHERE | OF_THE_DESIGN
