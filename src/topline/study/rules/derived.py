"""Rules of derived variables: what they are worked out from exists and fits."""

from __future__ import annotations

from collections.abc import Iterator

from topline.base import Finding
from topline.base.hints import nearest
from topline.study.marks import mark_of
from topline.study.model import Derived, Study, Variable
from topline.study.rules.coded import coded_findings


def derived_findings(study: Study) -> Iterator[Finding]:
    """Every finding about `derive:`."""
    for derived in study.derived:
        if derived.kind == "coded":
            yield from coded_findings(derived, study)
            continue
        sources = []
        for name in derived.of:
            source = study.variables.get(name)
            if source is None or name == derived.name:
                values = {"name": name, "near": nearest(name, study.variables)}
                yield Finding("derive-unknown", values, mark_of(name) or derived.mark)
            else:
                sources.append((name, source))
        faults = [fault for name, source in sources for fault in _fits(derived, name, source)]
        yield from faults[:1] if derived.answer else faults  # one answer is looked for in all of them
        if derived.at_least > len(derived.of):
            numbers = {"name": derived.name, "n": derived.at_least, "all": len(derived.of)}
            yield Finding("derive-at-least", numbers, derived.mark)
        yield from _answers(derived)


def _fits(derived: Derived, name: str, source: Variable) -> Iterator[Finding]:
    mark = mark_of(name) or derived.mark
    if derived.kind in ("mean", "index"):
        if source.kind != "number" and derived.score not in source.scores:
            values = {"name": name, "score": derived.score, "scores": ", ".join(source.scores) or "none"}
            yield Finding("derive-score", values, mark)
    elif derived.kind == "band":
        if source.kind != "number":
            yield Finding("derive-band", {"name": name, "kind": source.kind}, mark)
    elif derived.kind == "recode":
        for option in source.options:
            if option.name not in derived.mapping:
                yield Finding("recode-missing", {"answer": option.name, "name": name}, derived.mark)
        for old in derived.mapping:
            if source.option(old) is None:
                near = nearest(old, [option.name for option in source.options])
                yield Finding("recode-unknown", {"answer": old, "name": name, "near": near}, derived.mark)
    elif derived.answer is None or source.answers(derived.answer) is None:
        mark = mark_of(derived.answer) or derived.mark
        known = [o.name for o in source.options] + [net.name for net in source.nets]
        near = nearest(derived.answer or "", known)
        yield Finding("derive-answer", {"name": name, "answer": derived.answer or "-", "near": near}, mark)


def _answers(derived: Derived) -> Iterator[Finding]:
    names = [option.name for option in derived.options]
    if derived.kind in ("recode", "band") and not names:
        yield Finding("derive-options", {"name": derived.name}, derived.mark)
        return
    if derived.kind == "band" and len(derived.cuts) != len(names) - 1:
        values = {"name": derived.name, "wanted": len(names) - 1, "given": len(derived.cuts)}
        yield Finding("cuts", values, derived.mark)
    for new in dict.fromkeys(derived.mapping.values()):
        if names and new not in names:
            values = {"answer": new, "name": derived.name, "near": nearest(new, names)}
            yield Finding("recode-unknown", values, mark_of(new) or derived.mark)
