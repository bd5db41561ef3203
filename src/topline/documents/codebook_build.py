"""Make the codebook from a study: the facts, and a block for every variable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from topline.base.words import words
from topline.documents.asked import asked
from topline.documents.cells import Cells
from topline.documents.codebook import Block, Codebook, Column, Combined, Fact
from topline.documents.orders import order_notes
from topline.documents.texts import Texts, language_name, own_words_language
from topline.study.model import Attribute, Derived, Net, Option, Question, Row, Split, Study
from topline.study.parse import write_condition

_FACTS = (
    "population", "organisation", "carried_out_by", "commissioned_by", "fieldwork", "languages", "inference",
    "coverage", "weighting", "disclosure", "licence", "contact", "wave",
)  # fmt: skip


class Builder:
    """Makes a `Codebook`; holds what every part needs: the study, its texts, Topline's own words."""

    def __init__(self, study: Study, language: str | None) -> None:
        self.study = study
        self.texts = Texts(study, language)
        self.own = own_words_language(study)
        self.cells = Cells(study, self.texts, self.own)

    def _word(self, id: str, **values: object) -> str:
        return words(f"codebook-{id}", self.own, **values)

    def codebook(self) -> Codebook:
        """Make the whole value."""
        sections = self.study.questionnaire.sections
        titles = {s.name: str(self.texts.of(f"{s.name}.title", s.title)) for s in sections}
        days = self.study.settings.get("fieldwork")
        return Codebook(
            study=self.study.id,
            title=str(self.texts.of("study.title", self.study.title)),
            language=self.texts.language,
            own=self.own,
            facts=tuple(self._facts()),
            sections=titles,
            blocks=tuple(self._blocks()),
            fieldwork=(str(days["from"]), str(days["to"])) if isinstance(days, Mapping) else (),
            own_fieldwork=not self.cells.elsewhere,
            translation_note=self._translation_note(),
        )

    # --- facts

    def _facts(self) -> Iterator[Fact]:
        for name in _FACTS:
            if text := self._fact(name):
                yield Fact(name, self._word(f"fact-{name}"), text)

    def _fact(self, name: str) -> str:
        settings = self.study.settings
        value = settings.get(name)
        match name, value:
            case "population", str():
                return str(self.texts.of("study.population", value))
            case "fieldwork", Mapping():
                return self._word("from-to", low=value["from"], high=value["to"])
            case "languages", _:
                return ", ".join(language_name(tag, self.own) for tag in self.study.languages)
            case "inference", _:
                return self._word(f"inference-{self.study.inference}")
            case "coverage", _:
                frame = settings.get("frame")
                text = frame.get("coverage") if isinstance(frame, Mapping) else None
                return str(self.texts.of("frame.coverage", text)) if isinstance(text, str) else ""
            case (("weighting" | "disclosure"), Mapping()):
                return str(self.texts.of(f"{name}.why", value["why"])) if "why" in value else ""
            case (("licence" | "contact"), Mapping()):
                return ", ".join(str(part) for part in value.values())
            case _, str():
                return str(value)
        return ""

    def _translation_note(self) -> str:
        if self.texts.language == self.texts.first:
            return ""
        counts = self.texts.counts()
        done = counts["translated"] + counts["unreviewed"]
        name = language_name(self.texts.language, self.own)
        return self._word(
            "translation", name=name, done=done, all=counts.total(), unreviewed=counts["unreviewed"]
        )

    # --- blocks

    def _blocks(self) -> Iterator[Block]:
        for question in self.study.questionnaire.questions:
            if question.kind != "info":
                yield self._question(question)
        for attribute in self.study.attributes:
            yield self._attribute(attribute)
        for split in self.study.questionnaire.splits:
            yield self._split(split)
        for derived in self.study.derived:
            yield self._derived(derived)
        data = self.study.settings.get("data")
        for kind in ("id", "weight"):
            if isinstance(data, Mapping) and (name := data.get(kind)):
                column = Column(str(name), str(name), self._word(f"file-{kind}"))
                yield Block(str(name), kind, "file", column.label, (column,))

    def _question(self, question: Question) -> Block:
        said = self.texts.of
        who = asked(question, self.study, self.own)
        return Block(
            name=question.id,
            kind=question.kind,
            source="question",
            label=str(said(f"{question.id}.label", question.label)),
            columns=self.cells.of_question(question),
            section=question.section or "",
            text=str(said(f"{question.id}.ask", question.ask)),
            hint=str(said(f"{question.id}.hint", question.hint)) if question.hint else "",
            base=who.base,
            asked=who,
            nets=self._nets(question.nets, question),
            scores=_scores(question),
            orders=order_notes(question, self.own, lambda thing: self._thing(question, thing)),
            checks=tuple(
                (write_condition(check.rule), str(said(f"{question.id}.checks.{n}", check.say)))
                for n, check in enumerate(question.checks, start=1)
            ),
            low=str(question.minimum) if question.minimum is not None else "",
            high=str(question.maximum) if question.maximum is not None else "",
            decimals=question.decimals if question.kind == "number" else None,
            notes=tuple(self._question_notes(question)),
        )

    def _question_notes(self, question: Question) -> Iterator[str]:
        if question.max_length:
            yield self._word("max-length", n=question.max_length)
        if question.places:
            yield self._word("places", n=question.places)
        if not question.required and question.kind != "text":
            yield self._word("not-required")
        for option in question.options:
            label = self.texts.option(question, option)
            if option.exclusive:
                yield self._word("exclusive", answer=label)
            if option.specify:
                specify = self.texts.option(question, option, "specify")
                yield self._word("specify", answer=label, text=specify)
            if option.ends:
                yield self._word("ends", answer=label)
        if question.kind == "multiple" and (question.blank_counts or not question.required):
            yield self._word("blank-counts" if question.blank_counts else "set-blank")

    def _thing(self, question: Question, thing: Option | Row) -> str:
        if isinstance(thing, Row):
            return str(self.texts.of(f"{question.id}.rows.{thing.name}", thing.label))
        return str(self.texts.option(question, thing))

    def _nets(self, nets: tuple[Net, ...], question: Question) -> tuple[Combined, ...]:
        return tuple(Combined(net.name, str(self.texts.net(question, net)), net.of) for net in nets)

    def _attribute(self, attribute: Attribute) -> Block:
        at = f"attributes.{attribute.name}"
        notes = [self._word("attribute")]
        if attribute.bands_of:
            cuts = ", ".join(str(cut) for cut in attribute.cuts)
            notes = [self._word("bands", of=attribute.bands_of, cuts=cuts)]
        return Block(
            name=attribute.name,
            kind=attribute.kind,
            source="attribute",
            label=str(self.texts.of(f"{at}.label", attribute.label)),
            columns=(self.cells.of_attribute(attribute),),
            nets=tuple(
                Combined(net.name, str(self.texts.of(f"{at}.nets.{net.name}", net.label)), net.of)
                for net in attribute.nets
            ),
            low=str(attribute.minimum) if attribute.minimum is not None else "",
            high=str(attribute.maximum) if attribute.maximum is not None else "",
            notes=tuple(notes),
        )

    def _split(self, split: Split) -> Block:
        label = str(self.texts.of(f"splits.{split.name}", split.label))
        total = sum(split.arms.values())
        shares = ", ".join(f"{arm} {size}/{total}" for arm, size in split.arms.items())
        column = self.cells.of_split(split, label)
        notes = [self._word("split", arms=shares)]
        if not column.name:
            notes.append(self._word("split-not-in-file"))
        return Block(split.name, "codes", "split", label, (column,), notes=tuple(notes))

    def _derived(self, derived: Derived) -> Block:
        label = str(self.texts.of(f"derive.{derived.name}", derived.label))
        of = ", ".join(derived.of)
        answer = derived.answer or ""
        score = derived.score or "mean"
        note = self._word(f"derived-{derived.kind}", of=of, answer=answer, score=score)
        notes = [note]
        if derived.kind in ("mean", "index"):
            notes.append(self._word("at-least", n=derived.at_least))
        if derived.mapping:
            notes.append("; ".join(f"{old} → {new}" for old, new in derived.mapping.items()))
        if derived.cuts:
            notes.append(self._word("cuts", cuts=", ".join(str(cut) for cut in derived.cuts)))
        closed = self.study.questionnaire.by_id.get(derived.into or "")
        kind = "codes" if derived.options else "number"
        if derived.kind == "coded":
            kind = closed.kind if closed else "multiple"
        if closed:
            notes.append(self._word("coded-into", question=closed.id, answer=answer))
        column = self.cells.of_derived(derived, label, closed)
        return Block(derived.name, kind, "derived", label, (column,), notes=tuple(notes))


def _scores(question: Question) -> Mapping[str, Mapping[str, str]]:
    return {
        name: {
            option.name: str(number)
            for option, number in zip(question.options, numbers, strict=False)
            if number is not None
        }
        for name, numbers in question.scores.items()
    }
