"""Questions as HTML: pieces compiled once for each language, answers spliced in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from html import escape
from typing import Final

from topline.study.compiled import Asked, Choice
from topline.study.model import Kind
from topline.web.respond.forms import Address, Fault, places_of
from topline.web.respond.path import offered
from topline.web.respond.speech import Say, Speech
from topline.web.respond.view import View, errors

Draw = Callable[[View], str]


def drawing(asked: Asked, speech: Speech) -> Draw:
    """Compile one question in one language; the result draws it for a person."""
    return _KINDS[asked.kind](asked, speech)


# --- the frame of a question


class _Head:
    """Question, hint and errors, in the three forms that kinds need."""

    def __init__(self, asked: Asked, speech: Speech, *, hint_word: str | None = None) -> None:
        self.id: Final = asked.id
        self._ask: Say = speech.say(asked.ask) if asked.ask else (lambda answers: "")
        hint = speech.say(asked.hint) if asked.hint else None
        if hint is None and hint_word:
            words = speech.word(hint_word)
            hint = lambda answers: words  # noqa: E731
        self._hint = hint

    def ask(self, view: View) -> str:
        return self._ask(view.known)

    def hint(self, view: View) -> str:
        return f'<p class="hint" id="{self.id}-hint">{self._hint(view.known)}</p>' if self._hint else ""

    def described(self, *ids: str) -> str:
        """The attribute that ties hint and errors to the field."""
        found = [f"{self.id}-hint"] if self._hint else []
        found += [each for each in ids if each]
        return f' aria-describedby="{" ".join(found)}"' if found else ""

    def fieldset(self, view: View, inside: str) -> str:
        """A question with several fields: the question is the legend."""
        said, ids = errors(view, view.faults_of(self.id))
        ask = f"<h1>{self.ask(view)}</h1>" if view.alone else self.ask(view)
        return (
            f'<fieldset class="q{_bad(view, self.id)}"{self.described(ids)}><legend>{ask}</legend>'
            f"{self.hint(view)}{said}{inside}</fieldset>"
        )

    def labelled(self, view: View, control: Callable[[str], str], after: str = "") -> str:
        """A question with one field: the question is its label. `control` takes the describing attribute."""
        said, ids = errors(view, view.faults_of(self.id))
        label = f'<label for="{self.id}">{self.ask(view)}</label>'
        label = f'<h1 class="ask">{label}</h1>' if view.alone else f'<p class="ask">{label}</p>'
        wrong = ' aria-invalid="true"' if ids else ""
        return (
            f'<div class="q{_bad(view, self.id)}">{label}{self.hint(view)}{said}'
            f"{control(self.described(ids) + wrong)}{after}</div>"
        )


def _bad(view: View, id: str) -> str:
    faults = view.faults_of(id)
    return "" if not faults else " look" if all(fault.soft for fault in faults) else " bad"


# --- one of several, some of several


def _choices(kind: str, asked: Asked, speech: Speech) -> Draw:
    """Radios or boxes, a row each; missing kinds apart at the end."""
    pieces = {option.name: _row(kind, asked, option, speech, "") for option in asked.options}
    apart = [_row(kind, asked, option, speech, " apart") for option in asked.missing]
    head = _Head(asked, speech)

    def draw(view: View) -> str:
        options = view.ordered(offered(asked, view.known), asked.order_options, f"{asked.id}.options")
        names = [option.name for option in options]
        rows = [pieces[name](view, asked.id if place == 0 else None) for place, name in enumerate(names)]
        rows += [piece(view, None) for piece in apart]
        return head.fieldset(view, f'<div class="opts">{"".join(rows)}</div>')

    return draw


def _row(
    kind: str, asked: Asked, option: Choice, speech: Speech, css: str
) -> Callable[[View, str | None], str]:
    """One answer. The first one carries the question's id, so that the error summary leads to it."""
    name, value = escape(asked.id), escape(option.name)
    say = speech.say(option.text)
    hint = speech.say(option.hint) if option.hint else None
    start = f'<label class="opt{css}"><input type="{kind}" name="{name}" value="{value}" id="'
    beside = _specify(asked, option, speech) if option.specify else None

    def draw(view: View, id: str | None) -> str:
        small = f'<span class="small">{hint(view.known)}</span>' if hint else ""
        words = f"<span>{say(view.known)}{small}</span></label>"
        html = f'{start}{id or f"{name}-{value}"}"{view.checked(asked.id, option.name)}>{words}'
        return html + beside(view) if beside else html

    return draw


def _specify(asked: Asked, option: Choice, speech: Speech) -> Draw:
    name = escape(f"{asked.id}.{option.name}.text")
    say = speech.say(option.specify or option.text)

    def draw(view: View) -> str:
        wrong = any(fault.at == name for fault in view.faults)
        invalid = f' aria-invalid="true" aria-describedby="{name}-error"' if wrong else ""
        return (
            f'<div class="beside"><label for="{name}">{say(view.known)}</label>'
            f'<input class="in" type="text" name="{name}" id="{name}" '
            f'value="{view.value(name)}"{invalid}></div>'
        )

    return draw


def _list(asked: Asked, speech: Speech) -> Draw:
    """`look: list`: one field that opens; the empty line stays choosable."""
    head, empty = _Head(asked, speech), escape(speech.plain("page.choose"))

    def draw(view: View) -> str:
        options = view.ordered(offered(asked, view.known), asked.order_options, f"{asked.id}.options")
        lines = f'<option value="">{empty}</option>' + "".join(
            _line(view, speech, asked.id, option) for option in (*options, *asked.missing)
        )
        specify = "".join(_specify(asked, option, speech)(view) for option in options if option.specify)
        return head.labelled(
            view,
            lambda described: (
                f'<select class="in" name="{asked.id}" id="{asked.id}"{described}>{lines}</select>'
            ),
            specify,
        )

    return draw


def _line(view: View, speech: Speech, name: str, option: Choice) -> str:
    chosen = view.chosen(name, option.name)
    return f'<option value="{option.name}"{chosen}>{escape(speech.filled(option.text, view.known))}</option>'


def _single(asked: Asked, speech: Speech) -> Draw:
    return _list(asked, speech) if asked.look == "list" else _choices("radio", asked, speech)


# --- grid


def _grid(asked: Asked, speech: Speech) -> Draw:
    """A fieldset a row: stacked on a phone, a table where there is room for one."""
    heads = {each.name: speech.say(each.text) for each in asked.options}
    missing = [f'<span class="apart">{speech.html(each.text)}</span>' for each in asked.missing]
    legends = {row.name: speech.say(row.text) for row in asked.rows}
    head = _Head(asked, speech, hint_word="page.rows")

    def draw(view: View) -> str:
        options = view.ordered(asked.options, asked.order_options, f"{asked.id}.options")
        rows = view.ordered(asked.rows, asked.order_rows, f"{asked.id}.rows")
        top = "".join(f"<span>{heads[each.name](view.known)}</span>" for each in options) + "".join(missing)
        body = "".join(
            _grid_row(asked, speech, view, row.name, legends[row.name](view.known), options) for row in rows
        )
        tag = "h1" if view.alone else "h2"
        return (
            f'<div class="q wide" role="group" aria-labelledby="{asked.id}-ask"{head.described()}>'
            f'<{tag} id="{asked.id}-ask">{head.ask(view)}</{tag}>{head.hint(view)}'
            f'<div class="lk"><div class="lk-head" aria-hidden="true"><span></span>{top}</div>{body}'
            "</div></div>"
        )

    return draw


def _grid_row(asked: Asked, speech: Speech, view: View, row: str, legend: str, options: list[Choice]) -> str:
    name = escape(f"{asked.id}.{row}")
    said, ids = errors(view, (_at_row(asked, each) for each in view.faults_of(asked.id) if each.at == name))
    described = f' class="bad" aria-describedby="{ids}"' if ids else ""
    cells = []
    for place, option in enumerate((*options, *asked.missing)):
        apart = ' class="apart"' if option in asked.missing else ""
        id = f' id="{name}"' if place == 0 else ""
        cells.append(
            f'<label{apart}><input type="radio" name="{name}" value="{escape(option.name)}"{id}'
            f"{view.checked(name, option.name)}><span>{speech.html(option.text, view.known)}</span></label>"
        )
    return f"<fieldset{described}><legend>{legend}</legend>{said}{''.join(cells)}</fieldset>"


def _at_row(asked: Asked, fault: Fault) -> Fault:
    """What a fault says at its row: the row need not be named there, as it must be in the summary."""
    if fault.word != "errors.each_row":
        return fault
    if not asked.missing:
        return replace(fault, word="errors.choose_one")
    return replace(fault, word="errors.choose_one_or", places={"kind": Address(asked.missing[0].text)})


# --- rank


def _rank(asked: Asked, speech: Speech) -> Draw:
    """One list a place: works with keyboard alone and without script."""
    head, empty = _Head(asked, speech), escape(speech.plain("page.nothing"))
    kinds = _kind_boxes(asked, speech)

    def draw(view: View) -> str:
        options = view.ordered(offered(asked, view.known), asked.order_options, f"{asked.id}.options")
        lists = []
        for place in range(1, places_of(asked, view.known) + 1):
            name = f"{asked.id}.{place}"
            lines = "".join(_line(view, speech, name, option) for option in options)
            lists.append(
                f'<p class="place"><label for="{name}">{speech.word("page.place", place=place)}</label>'
                f'<select class="in" name="{name}" id="{name}"><option value="">{empty}'
                f"</option>{lines}</select></p>"
            )
        return head.fieldset(view, "".join(lists) + kinds(view))

    return draw


# --- fields to write in


def _kind_boxes(asked: Asked, speech: Speech) -> Draw:
    """A box for each missing kind beside a field to write in."""
    name = f"{asked.id}.missing"
    boxes = [
        (each.name, f'value="{each.name}" id="{asked.id}-{each.name}"', speech.html(each.text))
        for each in asked.missing
    ]

    def draw(view: View) -> str:
        return "".join(
            f'<div class="opts few-opts"><label class="opt"><input type="checkbox" name="{name}" '
            f"{attributes}{view.checked(name, value)}><span>{words}</span></label></div>"
            for value, attributes, words in boxes
        )

    return draw


def _number(asked: Asked, speech: Speech) -> Draw:
    head, kinds = _Head(asked, speech), _kind_boxes(asked, speech)
    mode = "decimal" if asked.decimals else "numeric"

    def draw(view: View) -> str:
        value = view.value(asked.id)
        return head.labelled(
            view,
            lambda described: (
                f'<input class="in few num" type="text" inputmode="{mode}" autocomplete="off" '
                f'name="{asked.id}" '
                f'id="{asked.id}" value="{value}"{described}>'
            ),
            kinds(view),
        )

    return draw


def _date(asked: Asked, speech: Speech) -> Draw:
    head, kinds = _Head(asked, speech), _kind_boxes(asked, speech)
    parts = [(part, speech.word(f"page.{part}"), "year" if part == "year" else "two") for part in _DATE_PARTS]

    def draw(view: View) -> str:
        wrong = ' aria-invalid="true"' if view.faults_of(asked.id) else ""
        boxes = "".join(
            f'<p><label for="{asked.id}.{part}">{words}</label><input class="in num {css}" type="text" '
            f'inputmode="numeric" autocomplete="off" name="{asked.id}.{part}" id="{asked.id}.{part}" '
            f'value="{view.value(f"{asked.id}.{part}")}"{wrong}></p>'
            for part, words, css in parts
        )
        return head.fieldset(view, f'<div class="day">{boxes}</div>{kinds(view)}')

    return draw


_DATE_PARTS: Final = ("day", "month", "year")


def _text(asked: Asked, speech: Speech) -> Draw:
    head, kinds = _Head(asked, speech), _kind_boxes(asked, speech)
    limit = speech.word("page.characters", number=asked.max_length) if asked.max_length else ""
    note = f'<p class="small">{limit}</p>' if limit and asked.lines > 1 else ""
    if speech.anonymous:
        note += f'<p class="small">{speech.word("page.open")}</p>'
    quote = speech.word("page.quote")

    def draw(view: View) -> str:
        value = view.value(asked.id)
        names = f'name="{asked.id}" id="{asked.id}"'
        quotable = (
            f'<div class="opts few-opts"><label class="opt"><input type="checkbox" name="{asked.id}.quote" '
            f'value="yes" id="{asked.id}.quote"{view.checked(f"{asked.id}.quote", "yes")}>'
            f"<span>{quote}</span></label></div>"
        )
        return head.labelled(
            view,
            lambda described: (
                f'<textarea class="in all" rows="{asked.lines}" {names}{described}>\n{value}</textarea>'
                if asked.lines > 1
                else f'<input class="in all" type="text" {names} value="{value}"{described}>'
            ),
            note + (quotable if asked.quotes else "") + kinds(view),
        )

    return draw


def _info(asked: Asked, speech: Speech) -> Draw:
    title = speech.say(asked.title) if asked.title else None
    paragraphs = speech.paragraphs(asked.text) if asked.text else []

    def draw(view: View) -> str:
        tag = "h1" if view.alone else "h2"
        head = f"<{tag}>{title(view.known)}</{tag}>" if title else ""
        return f'<div class="q">{head}{"".join(f"<p>{say(view.known)}</p>" for _, say in paragraphs)}</div>'

    return draw


_KINDS: Final[dict[Kind, Callable[[Asked, Speech], Draw]]] = {
    "single": _single,
    "multiple": partial(_choices, "checkbox"),
    "grid": _grid,
    "rank": _rank,
    "number": _number,
    "date": _date,
    "text": _text,
    "info": _info,
}
