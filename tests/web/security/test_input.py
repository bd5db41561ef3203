"""Threats that come with files a team is given: YAML bombs and tags; and that nothing is fetched for them."""

from __future__ import annotations

import resource
import shutil
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Never

import pytest
from tests.web.fields import STUDIES, Field, answered
from tests.web.test_fieldwork import SHORT
from tests.web.test_frame import workbook

from topline.base import ToplineError
from topline.cli import main
from topline.forms.xlsform import import_form
from topline.study import read_study
from topline.study.load import load
from topline.web.fieldwork.export import export_answers

LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)
YAML = {
    "billion laughs": (LAUGHS, "&a0 names a place; plain YAML has no references"),
    "reference": ("topline: *x\n", "*x refers to another place"),
    "python object": ("topline: !!python/object/apply:os.system [id]\n", "is a tag; plain YAML has none"),
    "any tag": ("topline: !thing 1\n", "is a tag; plain YAML has none"),
    "deep lists": ("topline: " + "[" * 20_000 + "\n", "deep"),
    "merge": ("<<: {a: 1}\ntopline: 1\n", "<<"),
    "twice": ("topline: 1\ntopline: 1\n", "is given twice here"),
    "two documents": ("topline: 1\n---\ntopline: 1\n", "a second document starts here"),
}


@pytest.mark.parametrize("name", YAML)
def test_threat_29_yaml(tmp_path: Path, name: str) -> None:
    """Each is an error with its place in the file; none is followed, run or grown."""
    text, said = YAML[name]
    shutil.copytree(STUDIES / "every-kind", tmp_path / "study")
    (tmp_path / "study" / "study.yaml").write_text(text, "utf-8")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = load(tmp_path / "study")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kilobytes
    assert found.study is None
    assert any(said in str(each) for each in found.findings), [str(each) for each in found.findings][:3]


def test_threat_31_nothing_is_fetched(
    make: Callable[..., Field], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With addresses in every text, no step from check to export opens a connection or looks up a name."""

    def refuse(*_: Any, **__: Any) -> Never:
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    study = tmp_path / "linked"
    shutil.copytree(STUDIES / "every-kind", study)
    path = study / "questionnaire.yaml"
    text = path.read_text("utf-8").replace(
        "Your work", "Your work http://127.0.0.1:9/x.png ftp://evil.example/"
    )
    path.write_text(text, "utf-8")
    assert main(["check", str(study)]) in (0, 1)
    assert main(["show", str(study), "-o", str(tmp_path / "q.html")]) == 0
    field = make(study=study)
    for token in field.tokens[:12]:
        assert "Thank you" in answered(field, token, SHORT).text
    field.close()
    assert export_answers(field.engine, read_study(field.study_folder), tmp_path / "a.csv")[0] == 12


def test_threat_28_workbook_of_zeros(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A list or a form that inflates without end is refused before it has."""
    bomb = tmp_path / "people.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", b"<Types/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    shutil.copytree(STUDIES / "every-kind", tmp_path / "study")
    store = str(tmp_path / "main.db")
    assert main(["frame", "load", str(tmp_path / "study"), str(bomb), "--store", store]) == 2
    assert main(["import-form", str(bomb), "-o", str(tmp_path / "made")]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert said.count("error:") == 2
    assert not (tmp_path / "made").exists()


def test_threat_28_form_of_countless_cells(tmp_path: Path) -> None:
    """A form whose sheet is sound and packs millions of cells is refused before they are in memory, and so
    is one that declares a document type or whose directory lies about a length.
    """
    good = workbook(tmp_path / "good.xlsx", [["type", "name"], ["text", "a"]])
    rows = ("<row>" + "<c><v>1</v></c>" * 1_000 + "</row>") * 2_000
    many = with_sheet(good, tmp_path / "many.xlsx", "</sheetData>", f"{rows}</sheetData>")
    typed = with_sheet(
        good, tmp_path / "typed.xlsx", "<worksheet", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet'
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ToplineError, match="inflates to far more"):
        import_form(many, tmp_path / "made")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes
    with pytest.raises(ToplineError, match="declares a document type"):
        import_form(typed, tmp_path / "made")
    lying = bytearray(many.read_bytes())
    with zipfile.ZipFile(many) as packed:
        length = packed.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    lying = lying.replace(length, (64).to_bytes(4, "little"))
    (tmp_path / "lying.xlsx").write_bytes(lying)
    with pytest.raises(ToplineError, match=r"cannot be read|inflates to far more"):
        import_form(tmp_path / "lying.xlsx", tmp_path / "made")
    assert not (tmp_path / "made").exists()


def with_sheet(good: Path, path: Path, old: str, new: str) -> Path:
    """A copy of a workbook in whose sheet something else stands."""
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode(), 1)
            target.writestr(name, content)
    return path
