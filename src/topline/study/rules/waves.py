"""Rules of waves.yaml: does the lineage of questions tell the truth?

Where the frozen study of an earlier wave is at hand, wording, answers, their order, and route are compared; a
question called `same` must be the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, cast

from topline.base import Finding, ToplineError
from topline.base.hints import nearest
from topline.study.marks import Map, Text
from topline.study.model import Question, Study
from topline.study.reading.plain_yaml import read_plain_yaml, read_source
from topline.study.shapes.study import WAVES

_FILE: Final = "waves.yaml"
_OWN: Final = ("status", "why")


def wave_findings(study: Study) -> Iterator[Finding]:
    """Every finding about waves.yaml; none if the study has no such file."""
    path = Path(study.folder) / _FILE
    if not path.exists():
        return
    try:
        map, faults = read_plain_yaml(read_source(path, _FILE))
    except ToplineError as error:
        yield from error.findings
        return
    WAVES.check(map, _FILE, faults)
    yield from faults
    if any(finding.severity == "error" for finding in faults):
        return
    earlier = dict(_earlier(study, cast(Map, map["waves"])))
    questions = cast(Map, map["questions"])
    for name, lineage in questions.items():
        yield from _question(study, questions.key(name), cast(Map, lineage), earlier)
    yield from _maps(study, cast(Map, map.get("maps") or Map([], map.mark)), earlier)


def _earlier(study: Study, waves: Map) -> Iterator[tuple[str, Study | None]]:
    """Each earlier wave with its frozen study, if that can be read."""
    from topline.study.load import load  # the loader's checks come here

    for name, wave in waves.items():
        frozen = cast(Map, wave).get("frozen")
        yield name, load(Path(study.folder) / str(frozen)).study if frozen else None


def _question(
    study: Study, name: Text, lineage: Map, earlier: Mapping[str, Study | None]
) -> Iterator[Finding]:
    question = study.questionnaire.by_id.get(name)
    if question is None:
        near = nearest(name, study.questionnaire.by_id)
        yield Finding("wave-question-unknown", {"name": name, "near": near}, name.mark)
        return
    status = cast(Text, lineage["status"])
    if status != "same" and "why" not in lineage:
        yield Finding("wave-why", {"name": name, "status": status}, status.mark)
    for wave, old_id in lineage.items():
        if wave in _OWN:
            continue
        mark = lineage.key(wave).mark
        if wave not in earlier:
            yield Finding("wave-unknown", {"name": wave, "near": nearest(wave, earlier)}, mark)
            continue
        then = earlier[wave]
        if then is None:
            continue
        old = then.questionnaire.by_id.get(cast(Text, old_id))
        if old is None:
            near = nearest(str(old_id), then.questionnaire.by_id)
            missing = {"wave": wave, "name": str(old_id), "near": near}
            yield Finding("wave-old-question-unknown", missing, cast(Text, old_id).mark)
        elif status == "same" and (changed := _changed(old, question)):
            values = {"name": name, "what": " and ".join(changed), "wave": wave}
            yield Finding("wave-lies", values, status.mark)


def _changed(old: Question, new: Question) -> list[str]:
    """What differs between two versions of a question, of what makes answers comparable."""
    compared: dict[str, Callable[[Question], object]] = {
        "kind": lambda q: q.kind,
        "wording": lambda q: (q.ask, q.hint, [row.label for row in q.rows]),
        "answers": lambda q: {o.label for o in q.options} | {m.label for m in q.missing},
        "order of answers": lambda q: [option.label for option in q.options],
        "route": lambda q: q.ask_if,
        "base": lambda q: ({kind.name for kind in q.missing if kind.in_base}, q.blank_counts),
    }
    changed = [what for what, of in compared.items() if of(old) != of(new)]
    return [what for what in changed if not (what == "order of answers" and "answers" in changed)]


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
