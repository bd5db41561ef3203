"""Rules of waves.yaml: does the lineage of questions tell the truth?

Where the frozen study of an earlier wave is at hand, wording, answers, their order, and route are compared; a
question called `same` must be the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

from topline.base import Finding, ToplineError
from topline.base.hints import nearest
from topline.study.marks import Map, Text
from topline.study.model import Derived, Question, Study
from topline.study.published import PublishedFile
from topline.study.reading.plain_yaml import read_plain_yaml, read_source
from topline.study.same import without_marks
from topline.study.shapes.study import WAVES

FILE: Final = "waves.yaml"
OWN: Final = ("status", "why")


def wave_findings(study: Study) -> Iterator[Finding]:
    """Every finding about waves.yaml; none if the study has no such file."""
    path = Path(study.folder) / FILE
    if not path.exists():
        return
    try:
        map, faults = read_plain_yaml(read_source(path, FILE))
    except ToplineError as error:
        yield from error.findings
        return
    WAVES.check(map, FILE, faults)
    yield from faults
    if any(finding.severity == "error" for finding in faults):
        return
    waves = cast(Map, map["waves"])
    earlier = dict(_earlier(study, waves))
    for name, wave in waves.items():
        yield from _figures(study, waves.key(name), cast(Map, wave), earlier[name])
    questions = cast(Map, map["questions"])
    for name, lineage in questions.items():
        yield from _question(study, questions.key(name), cast(Map, lineage), earlier)
    yield from _maps(study, cast(Map, map.get("maps") or Map([], map.mark)), earlier)


def asked_of(study: Study) -> Mapping[str, Question | Derived]:
    """What has a lineage, by name: questions and derived variables."""
    return {**study.questionnaire.by_id, **{derived.name: derived for derived in study.derived}}


def _earlier(study: Study, waves: Map) -> Iterator[tuple[str, Study | None]]:
    """Each earlier wave with its frozen study, if that can be read."""
    from topline.study.load import load  # the loader's checks come here

    for name, wave in waves.items():
        frozen = cast(Map, wave).get("frozen")
        yield name, load(Path(study.folder) / str(frozen)).study if frozen else None


def _figures(study: Study, name: Text, wave: Map, then: Study | None) -> Iterator[Finding]:
    """Where the answers or figures of a wave come from."""
    frozen, data, published = (cast("Text | None", wave.get(key)) for key in ("frozen", "data", "published"))
    if frozen and then is None:
        yield Finding("wave-frozen", {"wave": name, "folder": frozen}, frozen.mark)
    if data and published:
        yield Finding("wave-two-sources", {"wave": name}, published.mark)
    if data and not frozen:
        yield Finding("wave-data-alone", {"wave": name}, data.mark)
    for file in (data, published):
        if file and not (Path(study.folder) / file).is_file():
            yield Finding("named-file-missing", {"file": file}, file.mark)
        elif file and file is published:
            yield from PublishedFile(Path(study.folder) / file, file).findings


def _question(
    study: Study, name: Text, lineage: Map, earlier: Mapping[str, Study | None]
) -> Iterator[Finding]:
    question = asked_of(study).get(name)
    if question is None:
        near = nearest(name, asked_of(study))
        yield Finding("wave-question-unknown", {"name": name, "near": near}, name.mark)
        return
    status = cast(Text, lineage["status"])
    if status != "same" and "why" not in lineage:
        yield Finding("wave-why", {"name": name, "status": status}, status.mark)
    for wave, old_id in lineage.items():
        if wave in OWN:
            continue
        mark = lineage.key(wave).mark
        if wave not in earlier:
            yield Finding("wave-unknown", {"name": wave, "near": nearest(wave, earlier)}, mark)
            continue
        then = earlier[wave]
        if then is None:
            continue
        old = asked_of(then).get(cast(Text, old_id))
        if old is None:
            near = nearest(str(old_id), asked_of(then))
            missing = {"wave": wave, "name": str(old_id), "near": near}
            yield Finding("wave-old-question-unknown", missing, cast(Text, old_id).mark)
        elif status == "same" and (changed := _changed(old, question)):
            values = {"name": name, "what": " and ".join(changed), "wave": wave}
            yield Finding("wave-lies", values, status.mark)


def _changed(old: Question | Derived, new: Question | Derived) -> list[str]:
    """What differs between two versions of a question, of what makes answers comparable."""
    if not (isinstance(old, Question) and isinstance(new, Question)):
        same = without_marks(_nameless(old)) == without_marks(_nameless(new))
        return [] if same else ["definition"]
    compared: dict[str, Callable[[Question], object]] = {
        "kind": lambda q: q.kind,
        "wording": lambda q: (q.ask, q.hint, [row.label for row in q.rows]),
        "answers": lambda q: {o.label for o in q.options} | {m.label for m in q.missing},
        "order of answers": lambda q: [option.label for option in q.options],
        "scores": lambda q: dict(q.scores),
        "route": lambda q: q.ask_if,
        "base": lambda q: ({kind.name for kind in q.missing if kind.in_base}, q.blank_counts),
    }
    changed = [what for what, of in compared.items() if of(old) != of(new)]
    return [what for what in changed if not (what == "order of answers" and "answers" in changed)]


def _nameless(asked: Question | Derived) -> object:
    """What is compared of derived variables: all but their names, which may change."""
    return replace(asked, name="", label="") if isinstance(asked, Derived) else asked


def _maps(study: Study, maps: Map, earlier: Mapping[str, Study | None]) -> Iterator[Finding]:
    attributes = {attribute.name: attribute for attribute in study.attributes}
    for name, waves in maps.items():
        if name not in attributes:
            near = nearest(name, attributes) if attributes else "There is none yet."
            yield Finding("wave-map-unknown", {"name": name, "near": near}, maps.key(name).mark)
            continue
        groups = [option.name for option in attributes[name].options]
        for wave, pairs in cast(Map, waves).items():
            if wave not in earlier:
                values = {"name": wave, "near": nearest(wave, earlier)}
                yield Finding("wave-unknown", values, cast(Map, waves).key(wave).mark)
            for new in cast(Map, pairs).values():
                if new not in groups:
                    unknown = {"attribute": name, "group": str(new), "near": nearest(str(new), groups)}
                    yield Finding("wave-map-group", unknown, cast(Text, new).mark)
