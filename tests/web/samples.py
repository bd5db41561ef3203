"""Studies of tests that draw samples, or take people who have no address."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.web.fields import STUDIES, Field

from topline.web.fieldwork.links import LinkKeys, link_keys

SECRET = b"a secret of the tests, thirty-two characters or more"


def study_with(folder: Path, inference: str, *lines: str) -> Path:
    """The study with every kind of question, under another inference and with more settings."""
    target = folder / f"study-{inference}"
    shutil.copytree(STUDIES / "every-kind", target)
    path = target / "study.yaml"
    text = path.read_text("utf-8").replace("inference: descriptive", f"inference: {inference}")
    path.write_text(text + "\n".join([*lines, ""]), "utf-8")
    return target


def two_attributes(folder: Path) -> Path:
    """The study with every kind of question, with two attributes beside the answers."""
    target = folder / "two-attributes"
    shutil.copytree(STUDIES / "every-kind", target)
    text = (target / "study.yaml").read_text("utf-8")
    text = text.replace("keep: [department]", "keep: [department, town]")
    (target / "study.yaml").write_text(text, "utf-8")
    return target


def keys_of(field: Field) -> LinkKeys:
    """What the links of a launched study are made from."""
    return link_keys(field.engine, field.vault, field.compiled.id, SECRET)
