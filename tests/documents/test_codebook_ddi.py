"""The codebook as DDI-Codebook 2.5."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from topline.documents import codebook_ddi, codebooks
from topline.documents.codebook_ddi import NAMESPACE
from topline.study import load
from topline.study.model import Study

D = f"{{{NAMESPACE}}}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

#: Paths below codeBook that no DDI 2.5 file at hand uses; the standard's schema has each of them.
_IN_THE_STANDARD = """
    docDscr/citation/prodStmt/software docDscr/notes
    stdyDscr/citation/prodStmt/producer stdyDscr/method/dataColl/resInstru
    dataDscr/varGrp dataDscr/varGrp/labl dataDscr/varGrp/txt dataDscr/varGrp/universe
    dataDscr/var/security dataDscr/var/qstn/preQTxt dataDscr/var/qstn/postQTxt
    dataDscr/var/valrng dataDscr/var/valrng/range dataDscr/var/universe
    dataDscr/var/catgryGrp dataDscr/var/catgryGrp/labl dataDscr/var/catgry/catValu
    dataDscr/var/derivation dataDscr/var/derivation/drvdesc dataDscr/var/varFormat dataDscr/var/notes
"""
IN_THE_STANDARD = set(_IN_THE_STANDARD.split())

#: The order of children that the standard's schema asks for, as far as we write them.
ORDER = {
    "codeBook": "docDscr stdyDscr dataDscr",
    "citation": "titlStmt rspStmt prodStmt verStmt",
    "titlStmt": "titl parTitl IDNo",
    "prodStmt": "producer copyright software fundAg",
    "docDscr": "citation notes",
    "stdyDscr": "citation stdyInfo method dataAccs",
    "stdyInfo": "abstract sumDscr",
    "sumDscr": "collDate anlyUnit universe dataKind",
    "dataColl": "dataCollector sampProc deviat collMode resInstru weight",
    "useStmt": "restrctn contact conditions",
    "dataDscr": "varGrp var",
    "varGrp": "labl txt universe",
    "var": "labl security qstn valrng universe catgryGrp catgry derivation varFormat notes",
    "qstn": "preQTxt qstnLit postQTxt",
    "catgry": "catValu labl",
    "catgryGrp": "labl",
}

#: What the standard's schema allows only once in its parent.
ONCE = {
    "titl",
    "copyright",
    "version",
    "restrctn",
    "conditions",
    "security",
    "derivation",
    "drvdesc",
    "catValu",
}
ONCE |= {"varFormat", "sumDscr", "useStmt"}


def document(study: Study) -> ET.Element:
    """The parsed document of a study."""
    return ET.fromstring(codebook_ddi(codebooks(study)))


@pytest.fixture
def small_ddi(small: Study) -> ET.Element:
    """The document of the small study."""
    return document(small)


@pytest.fixture(params=["small", "digital-public-services", "non-voters-2020"])
def any_ddi(request: pytest.FixtureRequest, root: Path) -> ET.Element:
    """The document of each study in turn."""
    if request.param == "small":
        return document(request.getfixturevalue("small"))
    study = load(root / "examples" / request.param).study
    assert study is not None
    return document(study)


def paths(element: ET.Element, above: str = "") -> Iterator[str]:
    """The path of every element below one, without namespaces."""
    for child in element:
        path = f"{above}/{child.tag.partition('}')[2]}".lstrip("/")
        yield path
        yield from paths(child, path)


def var(root: ET.Element, id: str) -> ET.Element:
    """The variable of that address."""
    (found,) = (var for var in root.iter(f"{D}var") if var.get("ID") == id)
    return found


def test_paths_are_those_of_ddi_files(any_ddi: ET.Element, shared_data: Path) -> None:
    """Each path that we write is used by a DDI 2.5 file of an archive, or is one of those named above."""
    known = set[str]()
    for file in (shared_data / "formats" / "ddi").glob("ddi-v25_*.xml"):
        for book in ET.parse(file).getroot().iter(f"{D}codeBook"):
            known |= set(paths(book))
    assert "dataDscr/var/catgry/labl" in known
    assert sorted(set(paths(any_ddi)) - known - IN_THE_STANDARD) == []


def test_named_paths_are_needed(small_ddi: ET.Element, shared_data: Path, root: Path) -> None:
    """No path stands in the list of the standard that we do not write, or that a file at hand uses."""
    ours = set(paths(small_ddi))
    study = load(root / "examples" / "digital-public-services").study
    assert study is not None
    ours |= set(paths(document(study)))
    assert sorted(IN_THE_STANDARD - ours) == []
    fsd = set(paths(ET.parse(shared_data / "formats" / "ddi" / "ddi-v25_fsd-3271.xml").getroot()))
    assert IN_THE_STANDARD.isdisjoint(fsd)


def test_children_stand_in_the_order_of_the_standard(any_ddi: ET.Element) -> None:
    """The schema is made of sequences: each element's children keep its order."""
    for element in any_ddi.iter():
        children = [child.tag.removeprefix(D) for child in element]
        if children and element.tag.removeprefix(D) in ORDER:
            order = ORDER[element.tag.removeprefix(D)].split()
            assert children == sorted(children, key=order.index)


def test_what_is_allowed_once_stands_once(any_ddi: ET.Element) -> None:
    """Elements that the schema does not let repeat do not, in any number of languages."""
    for element in any_ddi.iter():
        children = [child.tag.removeprefix(D) for child in element]
        assert [tag for tag in ONCE if children.count(tag) > 1] == []


def test_ids_are_unique_and_references_lead_to_them(any_ddi: ET.Element) -> None:
    """Every ID stands once; groups name variables, nets name categories that are there."""
    ids = [id for element in any_ddi.iter() if (id := element.get("ID"))]
    assert len(ids) == len(set(ids))
    for group in any_ddi.iter(f"{D}varGrp"):
        assert set(group.get("var", "").split()) <= set(ids)
    for group in any_ddi.iter(f"{D}catgryGrp"):
        assert set(group.get("catgry", "").split()) <= set(ids)


def test_study_level(small_ddi: ET.Element) -> None:
    """Title, bodies, population, days and access stand where archives look for them."""

    def text(path: str) -> str | None:
        return small_ddi.findtext("/".join(f"{D}{part}" for part in path.split("/")))

    assert text("stdyDscr/citation/titlStmt/titl") == "Small <study> & more"
    assert text("stdyDscr/citation/titlStmt/parTitl") == "Astudiaeth fach"
    assert text("stdyDscr/citation/titlStmt/IDNo") == "small"
    assert text("stdyDscr/citation/rspStmt/AuthEnty") == "The Office"
    assert text("stdyDscr/citation/prodStmt/fundAg") == "The Ministry"
    assert text("stdyDscr/stdyInfo/sumDscr/universe") == "People who work here"
    days = [(day.get("event"), day.get("date")) for day in small_ddi.iter(f"{D}collDate")]
    assert days == [("start", "2024-05-01"), ("end", "2024-05-14")]
    assert text("stdyDscr/dataAccs/useStmt/restrctn") == "Small groups are hidden."
    assert text("stdyDscr/dataAccs/useStmt/contact") == "Ann, ann@survey.example"


def test_variable_with_its_question(small_ddi: ET.Element) -> None:
    """A row of a grid: the question before, the row itself, the base, answers in both languages, a net."""
    row = var(small_ddi, "feel.work")
    assert (row.get("name"), row.get("representationType")) == ("feel.work", "code")
    assert [(e.get(LANG), e.text) for e in row.iter(f"{D}preQTxt")] == [
        ("en", "How do you feel ..."),
        ("cy", "Sut ydych chi'n teimlo ..."),
    ]
    assert row.findtext(f"{D}qstn/{D}qstnLit") == "at work?"
    assert row.findtext(f"{D}universe") == "Base: all respondents"
    first = row.find(f"{D}catgry")
    assert first is not None
    assert first.findtext(f"{D}catValu") == "3"
    assert [(e.get(LANG), e.text) for e in first.iter(f"{D}labl")] == [("en", "Good"), ("cy", "Da")]
    net = row.find(f"{D}catgryGrp")
    assert net is not None
    assert net.get("catgry") == "feel.work-good feel.work-so_so"


def test_missing_kinds(small_ddi: ET.Element) -> None:
    """A missing kind is marked missing, but one that is in the base is a valid value with its label."""
    marks = {
        c.get("ID", "").partition("-")[2]: c.get("missing")
        for c in var(small_ddi, "feel.work").iter(f"{D}catgry")
    }
    assert marks == {
        "good": "N",
        "so_so": "N",
        "bad": "N",
        "dont_know": "N",
        "refused": "Y",
        "not_reached": "Y",
    }


def test_groups(small_ddi: ET.Element) -> None:
    """Grids, multiple responses and rankings are groups of their columns."""
    groups = {group.get("name"): group.get("type") for group in small_ddi.iter(f"{D}varGrp")}
    assert groups == {"feel": "grid", "travel": "multipleResp", "liked": "other"}


def test_number_text_and_derived(small_ddi: ET.Element) -> None:
    """A number has its range, an open answer its warning of names, a derived variable how it is made."""
    span = var(small_ddi, "kilometres").find(f"{D}valrng/{D}range")
    assert span is not None
    assert span.attrib == {"UNITS": "REAL", "min": "0", "max": "500"}
    assert "may name people" in (var(small_ddi, "why").findtext(f"{D}security") or "")
    assert "feel.work, feel.home" in (var(small_ddi, "happy").findtext(f"{D}derivation/{D}drvdesc") or "")


def test_document_is_deterministic(small: Study) -> None:
    """The same study gives the same bytes: no clock, no random ids."""
    assert codebook_ddi(codebooks(small)) == codebook_ddi(codebooks(small))
