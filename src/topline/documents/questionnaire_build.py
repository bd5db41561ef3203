"""Make the questionnaire for reading from a study."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from topline.base.words import words
from topline.documents.asked import asked, sentence_of
from topline.documents.orders import order_notes, section_note
from topline.documents.questionnaire import Choice, Entry, Named, Note, Part, Questionnaire
from topline.documents.texts import Said, Texts, language_name, own_words_language
from topline.study.expand import expand, refs
from topline.study.model import Missing, Option, Question, Row, Section, Study
from topline.study.parse import write_condition


class Builder:
    """Makes a `Questionnaire`; holds the study, its texts and the language of Topline's own words."""

    def __init__(self, study: Study, language: str | None) -> None:
        self.study = study
        self.texts = Texts(study, language)
        self.own = own_words_language(study)
        self._numbers = {q.id: n for n, q in enumerate((q for q in study if q.kind != "info"), start=1)}
        self._pages = {page: n for n, page in enumerate(study.questionnaire.pages, start=1)}

    def questionnaire(self) -> Questionnaire:
        """Make the whole value."""
        study = self.study
        return Questionnaire(
            title=self.texts.of("study.title", study.title),
            language=self.texts.language,
            own=self.own,
            facts=tuple(self._facts()),
            publisher=str(study.settings.get("organisation", "")),
            parts=tuple(self._parts()),
            groups=tuple(
                Named(
                    group.name,
                    self.texts.of(f"groups.{group.name}", group.label),
                    sentence_of(group.where, study, self.own),
                    write_condition(group.where),
                )
                for group in study.questionnaire.groups
            ),
            splits=tuple(
                Named(s.name, self.texts.of(f"splits.{s.name}", s.label), self._arms(s.arms))
                for s in study.questionnaire.splits
            ),
            known={
                a.name: str(self.texts.of(f"attributes.{a.name}.label", a.label)) for a in study.attributes
            },
            states=self.texts.counts(),
        )

    def _word(self, id: str, **values: object) -> str:
        return words(f"page-{id}", self.own, **values)

    def _facts(self) -> Iterator[tuple[str, Said | str]]:
        settings = self.study.settings
        if isinstance(text := settings.get("population"), str):
            yield self._word("population"), self.texts.of("study.population", text)
        days = settings.get("fieldwork")
        if isinstance(days, Mapping):
            told = words("codebook-from-to", self.own, low=days["from"], high=days["to"])
            yield self._word("fieldwork"), told
        counts = self._word("counts", questions=len(self._numbers), pages=len(self._pages))
        yield self._word("questions"), counts
        names = ", ".join(language_name(tag, self.own) for tag in self.study.languages)
        yield self._word("languages"), names

    def _arms(self, arms: Mapping[str, int]) -> str:
        total = sum(arms.values())
        shares = ", ".join(f"{arm} {size}/{total}" for arm, size in arms.items())
        return words("codebook-split", self.own, arms=shares)

    def _parts(self) -> Iterator[Part]:
        sections = {section.name: section for section in self.study.questionnaire.sections}
        for name, questions in groupby(self.study, lambda question: question.section):
            section = sections.get(name or "")
            yield self._part(section, tuple(self._entry(question) for question in questions))

    def _part(self, section: Section | None, entries: tuple[Entry, ...]) -> Part:
        if section is None:
            return Part("before", None, entries)
        title = self.texts.of(f"{section.name}.title", section.title)
        order = section_note(section, self.own) or ""
        if section.ask_if is None:
            return Part(section.name, title, entries, order=order)
        who = sentence_of(section.ask_if, self.study, self.own)
        return Part(section.name, title, entries, who, write_condition(section.ask_if), order)

    # --- one question

    def _entry(self, question: Question) -> Entry:
        at = question.id
        is_info = question.kind == "info"
        shown = question.title if is_info else question.ask
        return Entry(
            id=at,
            number=self._numbers.get(at, 0),
            page=self._pages[question.page],
            kind=self._kind(question),
            text=self.texts.of(f"{at}.{'title' if is_info else 'ask'}", shown) if shown else None,
            label=None if is_info else self.texts.of(f"{at}.label", question.label),
            asked=asked(question, self.study, self.own),
            after=tuple(self._after(question)),
            hint=self.texts.of(f"{at}.hint", question.hint) if question.hint else None,
            paragraphs=tuple(self._paragraphs(question)),
            rows=tuple(self._row(question, row) for row in question.rows),
            choices=tuple(self._option(question, option) for option in question.options),
            missing=tuple(self._missing(question)),
            notes=tuple(self._notes(question)),
        )

    def _kind(self, question: Question) -> str:
        if question.look == "list":
            return self._word("kind-list")
        if question.kind == "rank" and question.places:
            return self._word("kind-rank-places", n=question.places)
        return self._word(f"kind-{question.kind}")

    def _after(self, question: Question) -> Iterable[str]:
        if question.ask_if is None:
            return ()
        names = (ref.name for ref in refs(expand(question.ask_if, self.study)))
        return dict.fromkeys(name for name in names if name in self._numbers)

    def _paragraphs(self, question: Question) -> Iterator[Said]:
        if question.text:
            said = self.texts.of(f"{question.id}.text", question.text)
            for text in said.text.split("\n\n"):
                yield Said(text.strip(), said.language, said.state)

    def _row(self, question: Question, row: Row) -> Choice:
        said = self.texts.of(f"{question.id}.rows.{row.name}", row.label)
        return Choice("" if row.code is None else str(row.code), said)

    def _option(self, question: Question, option: Option) -> Choice:
        notes = []
        if option.exclusive:
            notes.append(self._word("alone"))
        if option.specify:
            notes.append(self._word("specify", text=self.texts.option(question, option, "specify")))
        if option.ends:
            notes.append(self._word("ends"))
        return Choice(
            "" if option.code is None else str(option.code),
            self.texts.option(question, option),
            self.texts.option(question, option, "hint") if option.hint else None,
            tuple(notes),
        )

    def _missing(self, question: Question) -> Iterator[Choice]:
        for kind in question.missing:
            notes = () if question.kind in ("number", "date") else (self._in_base(kind),)
            yield Choice("" if kind.code is None else str(kind.code), self.texts.missing(kind), None, notes)
        if question.blank:
            said = self.texts.of(f"{question.id}.blank", question.blank.label)
            yield Choice("", said, None, (self._word("blank"), self._in_base(question.blank)))

    def _in_base(self, kind: Missing) -> str:
        return self._word("in-base" if kind.in_base else "not-in-base")

    # --- notes

    def _notes(self, question: Question) -> Iterator[Note]:
        if orders := order_notes(question, self.own, lambda thing: self._words_of(question, thing)):
            yield Note(self._word("order"), " ".join(orders))
        if question.minimum is not None or question.maximum is not None:
            yield Note(self._word("range"), self._range(question))
        if question.max_length:
            yield Note(self._word("length"), words("codebook-max-length", self.own, n=question.max_length))
        if not question.required and question.kind not in ("text", "info"):
            yield Note(self._word("answer"), words("codebook-not-required", self.own))
        for number, check in enumerate(question.checks, start=1):
            said = self.texts.of(f"{question.id}.checks.{number}", check.say)
            yield Note(self._word(f"check-{check.severity}"), said, write_condition(check.rule))
        for net in question.nets:
            named = {option.name: str(self.texts.option(question, option)) for option in question.options}
            of = ", ".join(named[name] for name in net.of if name in named)
            yield Note(self._word("net"), self._word("net-of", label=self.texts.net(question, net), of=of))
        if question.quotes:
            yield Note(self._word("quotes"), self._word("quotes-ask"))

    def _words_of(self, question: Question, thing: Option | Row) -> str:
        if isinstance(thing, Row):
            return str(self.texts.of(f"{question.id}.rows.{thing.name}", thing.label))
        return str(self.texts.option(question, thing))

    def _range(self, question: Question) -> str:
        low, high = question.minimum, question.maximum
        if low is not None and high is not None:
            told = words("range", self.own, low=low, high=high)
        else:
            told = words("range-low" if low is not None else "range-high", self.own, low=low, high=high)
        if question.kind != "number":
            return told
        return self._word("decimals" if question.decimals else "whole", range=told, n=question.decimals)
