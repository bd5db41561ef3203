"""Respondents of bench.fieldwork: many at once over HTTP, none of whom thinks."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from bench.fieldwork_study import answers

HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
_PAGE: Final = re.compile(r"/p/p(\d+)$")
_GONE: Final = (ConnectionError, asyncio.IncompleteReadError, TimeoutError, ValueError)


@dataclass
class Seen:
    """What the driver saw: seconds of each request, statuses that no page should have, pages acknowledged.

    `again`: pages that were acknowledged and asked for once more.
    """

    seconds: list[float] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    saved: set[tuple[int, str]] = field(default_factory=set)
    sent: set[int] = field(default_factory=set)
    broken: int = 0
    again: int = 0


class Person:
    """One person's browser: one connection, one cookie."""

    def __init__(self, number: int, token: str, port: int, base: str, seen: Seen) -> None:
        self.number, self.token, self.port, self.base, self.seen = number, token, port, base, seen
        self.cookie = ""
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def interview(self) -> bool:
        """From the link to the thank-you page; True if the answers are in."""
        status, body, _ = await self.ask("GET", f"{self.base}/i/{self.token}")
        if "already in" in body or "can no longer be changed" in body:
            return True
        address = await self.post(f"{self.base}/i/{self.token}/start", body, [])
        for _ in range(40):
            status, body, _ = await self.ask("GET", address)
            if status != 200:
                self.seen.strange.append(f"{status} at {address}")
                return False
            if address.endswith("/done"):
                return True
            if found := _PAGE.search(address):
                self.seen.again += (self.number, f"p{found[1]}") in self.seen.saved
                onward = await self.post(address, body, answers(int(found[1]), self.number))
                self.seen.saved.add((self.number, f"p{found[1]}"))
            elif address.endswith("/check"):
                onward = await self.post(f"{address.removesuffix('check')}send", body, [])
            else:
                self.seen.strange.append(f"lost at {address}")
                return False
            address = onward
        return False

    async def post(self, address: str, body: str, fields: Sequence[tuple[str, str]]) -> str:
        """Post the form of a page with some fields; return where it leads."""
        form = urlencode([*HIDDEN.findall(body), *fields]).encode()
        status, said, location = await self.ask("POST", address, form)
        if location is None:
            self.seen.strange.append(f"{status} for {address}: {said[-300:]}")
            raise ValueError(said)
        return location

    async def ask(self, method: str, address: str, body: bytes = b"") -> tuple[int, str, str | None]:
        """One request: status, body, where it leads."""
        started = time.perf_counter()
        if self._line is None:
            self._line = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._line
        host = f"127.0.0.1:{self.port}"
        head = f"{method} {address} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
        head += f"Cookie: {self.cookie}\r\n"
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        content = await reader.readexactly(int(headers.get("content-length", "0")))
        if "set-cookie" in headers:
            self.cookie = headers["set-cookie"].partition(";")[0]
        self.seen.seconds.append(time.perf_counter() - started)
        return int(lines[0].split()[1]), content.decode(), headers.get("location")

    def hang_up(self) -> None:
        """Close the connection."""
        if self._line is not None:
            self._line[1].close()
            self._line = None


async def crowd(
    people: Iterable[tuple[int, str]],
    at_once: int,
    port: Callable[[], int],
    base: str,
    patience: float = 0,
) -> Seen:
    """Let people answer, so many at once. With `patience` a lost connection is tried again that long."""
    seen, waiting = Seen(), iter(people)

    async def one() -> None:
        for number, token in waiting:
            person, until = Person(number, token, port(), base, seen), time.monotonic() + patience
            while True:
                try:
                    done = await asyncio.wait_for(person.interview(), 60)
                except _GONE:
                    done = False
                    seen.broken += 1
                person.hang_up()
                if done:
                    seen.sent.add(number)
                if done or time.monotonic() > until:
                    break
                await asyncio.sleep(0.05)

    await asyncio.gather(*(one() for _ in range(at_once)))
    return seen
