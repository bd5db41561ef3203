"""Keys of fieldwork: derived, never stored. HKDF-SHA256 for keys, HMAC-SHA256 for names and tags,
ChaCha20-Poly1305 for bodies, which are padded first so that their length says nothing.

What each key opens, and when what it is made from is destroyed: docs/explanation/anonymity.md.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY: Final = 32  # bytes of every key, slot and salt
TOKEN: Final = 26  # letters of a link: 128 bits in base32
_NONCE: Final = 12
_LENGTH: Final = 4  # bytes that say how much of a padded body is meant
Kind = Literal["draft", "sealed", "keying"]


class Unreadable(Exception):
    """A body that does not open: changed, moved to another row, or its key is gone."""


def derive(secret: bytes, purpose: str, salt: bytes | None = None) -> bytes:
    """A key of 32 bytes for one purpose (RFC 5869)."""
    return HKDF(SHA256(), KEY, salt, f"topline|{purpose}".encode()).derive(secret)


def mac(key: bytes, *parts: object) -> bytes:
    """HMAC-SHA256 over the parts, joined so that no two lists of parts give one text."""
    return hmac.digest(key, "|".join(f"{len(str(each))}:{each}" for each in parts).encode(), "sha256")


def token_of(link_key: bytes, study: str, invite: int, generation: int) -> str:
    """The token of a link: 26 letters and digits. Another generation is another link."""
    drawn = mac(link_key, study, invite, generation)[:16]
    return base64.b32encode(drawn).decode().rstrip("=").lower()


def link_hash(token: str) -> bytes:
    """What a token is looked up by."""
    return sha256(b"link|" + token.encode("utf-8", "replace")).digest()


def door_token(link_key: bytes, study: str, name: str) -> str:
    """The token of a link that many people share."""
    drawn = mac(link_key, "door", study, name)[:16]
    return base64.b32encode(drawn).decode().rstrip("=").lower()


def code_bits(link_key: bytes, study: str, invite: int, generation: int) -> int:
    """The 60 bits of the code by which one person without an address comes in, or comes back."""
    return int.from_bytes(mac(link_key, "code", study, invite, generation)[:8], "big") >> 4


def code_hash(code: str) -> bytes:
    """What a code is looked up by."""
    return sha256(b"code|" + code.encode("utf-8", "replace")).digest()


def draft_key(dkey: bytes, token: str) -> bytes:
    """The key of one person's drafts: it needs both the vault and the link."""
    return derive(dkey + token.encode(), "draft")


def keying_key(dkey: bytes, token: str) -> bytes:
    """The key of what was keyed from one person's form and waits: it needs vault and secret, as drafts do."""
    return derive(dkey + token.encode(), "keying")


def seal_key(slot: bytes) -> bytes:
    """The key of one person's sealed answers: the server opens them at close without the person."""
    return derive(slot, "seal")


def response_id(slot: bytes) -> bytes:
    """Where a response will stand among all others (16 bytes). Nobody can work it out without the slot."""
    return mac(derive(slot, "rid"), "id")[:16]


def seed_of(slot: bytes) -> int:
    """The start of one person's random orders and arms: with the slot it goes at close."""
    return int.from_bytes(derive(slot, "seed")[:8], "big") >> 1


@dataclass(frozen=True, slots=True)
class Bound:
    """What a body belongs to: it opens nowhere else (the additional data of the cipher)."""

    study: str
    invite: int
    kind: Kind
    questionnaire: str

    def __bytes__(self) -> bytes:
        """Give the additional data."""
        return "|".join((self.study, str(self.invite), self.kind, self.questionnaire)).encode()


def seal(key: bytes, bound: Bound, content: bytes, size: int) -> bytes:
    """Pad to `size` bytes and encrypt: nonce, then ciphertext. ValueError if the content is longer."""
    room = size - _LENGTH - len(content)
    if room < 0:
        raise ValueError(f"{len(content)} bytes do not fit into {size}")
    padded = len(content).to_bytes(_LENGTH, "big") + content + bytes(room)
    nonce = secrets.token_bytes(_NONCE)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, padded, bytes(bound))


def unseal(key: bytes, bound: Bound, body: bytes) -> bytes:
    """Open what `seal` made; `Unreadable` for anything else."""
    try:
        padded = ChaCha20Poly1305(key).decrypt(body[:_NONCE], body[_NONCE:], bytes(bound))
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error
    length = int.from_bytes(padded[:_LENGTH], "big")
    return padded[_LENGTH : _LENGTH + length]
