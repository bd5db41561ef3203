"""A person in a real browser who fills whatever page of a survey comes, by mouse or by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from playwright.sync_api import Locator, Page

Look = Callable[[Page], None]
_MOST_PAGES: Final = 80
_MOST_TABS: Final = 60
_WRITTEN: Final = "Mae’n dda <iawn> & quick"
# A number that every range of the examples holds, and that their soft check asks about.
_NUMBER: Final = "9"
_YEAR: Final = "2010"

#: The fields of the page's form in order, one entry a radio, box, list or line.
_FIELDS: Final = """() => [...document.querySelectorAll('main form')].flatMap(form =>
  [...form.elements].filter(each => each.type !== 'hidden' && each.tagName !== 'BUTTON' &&
    each.tagName !== 'FIELDSET').map(each => ({name: each.name, value: each.value, kind: each.type,
      mode: each.inputMode, free: !!document.getElementById(`${each.name}.${each.value}.text`),
      label: each.labels[0]?.innerText ?? '',
      lines: each.options ? [...each.options].map(line => line.text) : []})))"""
#: What lies outside the page's width, or would need a scroll sideways.
_OUTSIDE: Final = """() => { const wide = document.documentElement.clientWidth
  const found = [...document.querySelectorAll('main *, header a, footer a')].filter(each => {
    const box = each.getBoundingClientRect()
    return box.width && each.checkVisibility() && !each.closest('.vh') &&
      (box.left < -0.5 || box.right > wide + 0.5) })
  return [...found.map(each => each.outerHTML.slice(0, 120)),
    ...document.documentElement.scrollWidth > wide ? ['the page scrolls sideways'] : []] }"""
#: Whether what has the focus can be seen: in the window (which scrolls a moment later), marked, and under
#: nothing else.
_SEEN: Final = """() => { const own = document.activeElement, row = own.closest('label') ?? own
  const box = row.getBoundingClientRect(), mark = getComputedStyle(own)
  const top = document.elementFromPoint(box.left + box.width / 2,
    Math.min(Math.max(box.top, 0) + 8, innerHeight - 1))
  return box.top < innerHeight && box.bottom > 0 && !!top && (row.contains(top) || top.contains(row)) &&
    (mark.outlineStyle !== 'none' || getComputedStyle(row).outlineStyle !== 'none') }"""


@dataclass(frozen=True)
class Entry:
    """A radio, box, list or line of a form."""

    name: str
    value: str
    kind: str
    mode: str
    free: bool
    label: str
    lines: list[str]

    @property
    def found(self) -> str:
        """The selector of the field; boxes of one name differ by their value."""
        of = f'[value="{self.value}"]' if self.kind in ("radio", "checkbox") else ""
        return f'[name="{self.name}"]{of}'


class Hand(Protocol):
    """How a person works the page. Fields come in the order of the page."""

    def tick(self, page: Page, group: list[Entry], place: int) -> None:
        """Choose one of a group of radios or boxes."""

    def pick(self, page: Page, entry: Entry, place: int) -> None:
        """Choose a line of a list."""

    def write(self, page: Page, entry: Entry, text: str) -> None:
        """Write into a field."""

    def press(self, page: Page, what: str) -> None:
        """Follow a link or press a button, and wait for the page that comes."""


class Mouse:
    """Clicks, as a person does: on the words of an answer, not on its circle."""

    def tick(self, page: Page, group: list[Entry], place: int) -> None:
        page.locator(f"label:has({group[place].found})").click()

    def pick(self, page: Page, entry: Entry, place: int) -> None:
        page.select_option(entry.found, index=place)

    def write(self, page: Page, entry: Entry, text: str) -> None:
        page.click(entry.found)
        page.keyboard.press("Control+a")
        page.keyboard.type(text)

    def press(self, page: Page, what: str) -> None:
        with page.expect_navigation():
            page.locator(what).first.click()


class Keyboard:
    """Tab, arrows, Space, Enter and letters; whatever takes the focus must be seen to have it."""

    def tick(self, page: Page, group: list[Entry], place: int) -> None:
        if group[0].kind == "checkbox":
            _tab_to(page, page.locator(group[place].found))
            page.keyboard.press("Space")
            return
        _tab_to(page, page.locator(f'[name="{group[0].name}"]'))
        page.keyboard.press("Space")
        for _ in range(place):
            page.keyboard.press("ArrowDown")

    def pick(self, page: Page, entry: Entry, place: int) -> None:
        _tab_to(page, page.locator(entry.found))
        for _ in range(place):
            page.keyboard.press("ArrowDown")

    def write(self, page: Page, entry: Entry, text: str) -> None:
        _tab_to(page, page.locator(entry.found))
        page.keyboard.press("Control+a")
        page.keyboard.type(text)

    def press(self, page: Page, what: str) -> None:
        _tab_to(page, page.locator(what).first)
        with page.expect_navigation():
            page.keyboard.press("Enter")


def _tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until one of those elements has the focus."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement !== document.body"):
            page.wait_for_function(_SEEN)
        if wanted.and_(page.locator(":focus")).count():
            return
    raise AssertionError(f"Tab does not lead to {wanted} of {page.url}")


@dataclass
class Interview:
    """One interview, from its first page to the thank-you page."""

    page: Page
    hand: Hand
    look: Look = lambda page: None
    #: Send each page empty first, to see what it says then.
    forgetful: bool = False
    #: What this person answers to some questions, by the name of the field.
    says: Mapping[str, str] = field(default_factory=dict)
    chosen: list[str] = field(default_factory=list)
    checked: str = ""
    pages: int = 0

    def go(self) -> None:
        """Answer every page; `checked` keeps what the page of answers to check says."""
        while self.page.locator("main form").count():
            self.pages += 1
            assert self.pages < _MOST_PAGES, self.page.url
            self._see()
            if "/check" in self.page.url:
                self.checked = self.page.inner_text("main")
            self._answer()
        self._see()

    def _answer(self) -> None:
        before = self.page.url
        if self.forgetful and self._groups():
            self.hand.press(self.page, "main button.btn")
            if self.page.url != before:  # nothing on that page must be answered
                return
            self._see()
        self._fill()
        self.hand.press(self.page, "main button.btn")
        if self.page.locator(".sum.look").count():  # a soft check: the same answers pass when sent again
            self._see()
            self.hand.press(self.page, "main button.btn")
        if self.page.url == before and self._untick():  # some boxes must not be ticked together
            self.hand.press(self.page, "main button.btn")
        assert self.page.url != before, f"{before} does not take the answers"

    def _see(self) -> None:
        assert self.page.evaluate(_OUTSIDE) == [], self.page.url
        self.look(self.page)

    def _groups(self) -> list[list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for each in self.page.evaluate(_FIELDS):
            found.setdefault(each["name"], []).append(Entry(**each))
        return list(found.values())

    def _fill(self) -> None:
        lists = 0
        for group in self._groups():
            first = group[0]
            if first.kind == "select-one":
                lists += 1  # the lists of a ranking differ
                place = min(lists, len(first.lines) - 1)
                self.hand.pick(self.page, first, place)
                self.chosen.append(first.lines[place])
            elif first.kind in ("radio", "checkbox"):
                for place in self._places(group):
                    self.hand.tick(self.page, group, place)
                    if not first.name.endswith(".quote"):  # the page of answers says that in other words
                        self.chosen.append(group[place].label.splitlines()[0])
            else:
                text = _NUMBER if first.mode in ("numeric", "decimal") else _WRITTEN
                text = _YEAR if first.name.endswith(".year") else text
                self.hand.write(self.page, first, text)
                self.chosen.append(text)

    def _untick(self) -> bool:
        """Leave one box of each group ticked; whether any was more."""
        self._see()
        more = False
        for group in self._groups():
            if group[0].kind == "checkbox":
                ticked = [n for n, each in enumerate(group) if self.page.locator(each.found).is_checked()]
                for place in ticked[1:]:
                    self.hand.tick(self.page, group, place)
                    self.chosen.remove(group[place].label.splitlines()[0])
                    more = True
        return more

    def _places(self, group: list[Entry]) -> Iterator[int]:
        """Which of a group: the second of many, the first of few; of boxes two and the one with a line beside
        it.
        """
        said = self.says.get(group[0].name)
        if said is not None:
            yield [each.value for each in group].index(said)
        elif group[0].name.endswith(".missing"):
            return  # the field beside it is filled
        elif group[0].kind == "radio":
            yield 1 if len(group) > 3 else 0
        else:
            yield from (place for place, each in enumerate(group) if place < 2 or each.free)


def open_page(page: Page, address: str) -> None:
    """Go to a page, waiting a little for the server to be up."""
    for _ in range(100):
        try:
            page.goto(address)
            return
        except Exception as error:
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            page.wait_for_timeout(100)
    raise AssertionError(f"{address} does not answer")
