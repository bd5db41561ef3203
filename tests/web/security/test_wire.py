"""Threats 37 and 39: two requests in one, bytes that are none, and what a server says that breaks."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.fields import SECRET, Field, launched
from tests.web.test_fieldwork import SHORT
from tests.web.wire import Served, WireBrowser, serving

pytestmark = pytest.mark.slow
HIDDEN = "GET /s/every_kind/help HTTP/1.1\r\nHost: {host}\r\n\r\n"
#: What is sent ahead of a hidden request: lengths that disagree, encodings that only some proxies see.
SMUGGLES = {
    "both lengths": "Content-Length: {n}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked first": "Transfer-Encoding: chunked\r\nContent-Length: {n}\r\n\r\n0\r\n\r\n",
    "two lengths": "Content-Length: 0\r\nContent-Length: {n}\r\n\r\n",
    "list of lengths": "Content-Length: 0, {n}\r\n\r\n",
    "signed length": "Content-Length: +{n}\r\n\r\n",
    "hex length": "Content-Length: 0x10\r\n\r\n",
    "space in the name": "Content-Length : {n}\r\nContent-Length: 0\r\n\r\n",
    "unknown encoding": "Transfer-Encoding: xchunked\r\nContent-Length: {n}\r\n\r\n",
    "folded header": "Transfer-Encoding:\r\n chunked\r\nContent-Length: {n}\r\n\r\n0\r\n\r\n",
    "tab before the encoding": "Transfer-Encoding:\tchunked\r\nContent-Length: {n}\r\n\r\n0\r\n\r\n",
    "two encodings": "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n"
    "Content-Length: {n}\r\n\r\n0\r\n\r\n",
    "a lone line feed": "X: a\nTransfer-Encoding: chunked\r\nContent-Length: {n}\r\n\r\n0\r\n\r\n",
    "a null": "X: \x00\r\nContent-Length: {n}\r\n\r\n",
    "bad chunk": "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n",
    "chunk of a sign": "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Field]]:
    """A launched study behind a server."""
    folder = tmp_path_factory.mktemp("wire")
    field = launched(folder)
    with serving(["study", "--store", "main.db", "--vault", "vault"], folder) as server:
        yield server, field
    field.end()


def exchange(server: Served, raw: bytes) -> bytes:
    """Send bytes, and read until the server hangs up or says nothing for a second."""
    with socket.create_connection(("127.0.0.1", server.port), 5) as line:
        line.sendall(raw)
        line.settimeout(1)
        said = b""
        try:
            while piece := line.recv(65_536):
                said += piece
        except (TimeoutError, ConnectionError):
            pass
        return said


@pytest.mark.parametrize("name", SMUGGLES)
def test_threat_39_smuggling(served: tuple[Served, Field], name: str) -> None:
    """A request whose length can be read in two ways is refused; the one hidden in it is never answered."""
    server, _ = served
    host = f"127.0.0.1:{server.port}"
    hidden = HIDDEN.format(host=host)
    head = f"POST /s/every_kind/send HTTP/1.1\r\nHost: {host}\r\n{SMUGGLES[name]}".replace(
        "{n}", str(len(hidden))
    )
    said = exchange(server, (head + hidden).encode())
    assert said.count(b"HTTP/1.1 ") <= 1
    assert b"HTTP/1.1 200" not in said
    assert b"HTTP/1.1 5" not in said


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET " + b"/" * 200_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"POST /s/every_kind/send HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /s/every_kind/send HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /s/every_kind/send HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        bytes(range(256)) * 8,
    ],
)  # fmt: skip
def test_threat_39_what_is_no_request(served: tuple[Served, Field], raw: bytes) -> None:
    """Bytes that are no request of ours get a refusal or nothing; the next person is served as ever."""
    server, field = served
    said = exchange(server, raw)
    assert b"HTTP/1.1 200" not in said
    assert b"HTTP/1.1 500" not in said
    assert b"Traceback" not in said
    browser = WireBrowser(server, field.compiled)
    assert browser.get(f"/i/{field.tokens[0]}").status == 200
    browser.close()


def test_threat_39_slow_bodies_keep_nobody_out(served: tuple[Served, Field]) -> None:
    """Thirty bodies that never come do not keep the next person from answering."""
    server, field = served
    host = f"127.0.0.1:{server.port}"
    head = f"POST /s/every_kind/send HTTP/1.1\r\nHost: {host}\r\nContent-Length: 60000\r\n\r\na=".encode()
    lines = [socket.create_connection(("127.0.0.1", server.port), 5) for _ in range(30)]
    try:
        for line in lines:
            line.sendall(head)
        browser = WireBrowser(server, field.compiled)
        assert "Thank you" in browser.answer_all(field.tokens[1], SHORT).text
        browser.close()
    finally:
        for line in lines:
            line.close()


def test_threat_37_forced_error_tells_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A vault that breaks in the middle: neither the page nor what the server prints holds an answer, the
    link of another person, or the secret.
    """
    field = launched(tmp_path)
    canary, pages = "cormorant in the stairwell", []
    with serving(["study", "--store", "main.db", "--vault", "vault"], tmp_path) as server:
        browser = WireBrowser(server, field.compiled)
        browser.begin(field.tokens[0])
        held = browser.fields("/p/statement")
        for spoil in (_rename, _cut):
            spoil(field)
            form = [*held, ("statement", "neither"), ("anything", canary)]
            pages += [browser.post("/p/statement", form), browser.get(f"/i/{field.tokens[0]}")]
        browser.close()
    field.end()
    said = "".join(capfd.readouterr()) + server.said
    assert [each.status for each in pages] == [503, 503, 500, 500]
    shown = "".join(each.text for each in pages)
    assert canary not in said + shown
    assert SECRET.decode() not in said + shown
    assert not [token for token in field.tokens if token in said]
    assert not [token for token in field.tokens[1:] if token in shown]  # one's own stands in one's own page


def _rename(field: Field) -> None:
    """The table of drafts is not there."""
    with sqlite3.connect(field.vault / "every_kind.drafts") as db:
        db.execute("alter table draft rename to gone")
    db.close()


def _cut(field: Field) -> None:
    """The keys of the drafts are cut off."""
    (field.vault / "every_kind.dkeys").write_bytes(b"")
