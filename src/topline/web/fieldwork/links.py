"""Links: worked out from the secret and the vault's salt whenever they are needed, and stored nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from topline.base import fail
from topline.web.fieldwork.promise import read_promise, release_state
from topline.web.keys import derive, door_token, link_hash, token_of
from topline.web.store.engines import Engine
from topline.web.vault.folder import Vault


@dataclass(frozen=True, slots=True)
class LinkKeys:
    """What links of a study are made from, and how many people its vault has keys for."""

    study: str
    key: bytes
    capacity: int

    def token(self, invite: int, generation: int = 0) -> str:
        """The token of a person."""
        return token_of(self.key, self.study, invite, generation)

    def address(self, base: str, invite: int, generation: int) -> str:
        """The link of a person."""
        return f"{base.rstrip('/')}/s/{self.study}/i/{self.token(invite, generation)}"

    def door(self, base: str, name: str) -> str:
        """The address of a link that many share."""
        return f"{base.rstrip('/')}/s/{self.study}/l/{door_token(self.key, self.study, name)}"


def link_keys(engine: Engine, vault_folder: str | Path, study: str, secret: bytes) -> LinkKeys:
    """The keys of links; ToplineError once the study is closing, or if secret or vault are another's."""
    promise = read_promise(engine, study)
    if release_state(engine, study) != "open":
        fail("invite-closed", study=study)
    vault = Vault(vault_folder, study)
    try:
        if vault.mark != promise.vault:
            fail("vault-other", folder=vault_folder, study=study)
        keys = LinkKeys(study, derive(secret, "link", vault.salt), vault.capacity)
    finally:
        vault.close()
    first = engine.rows(
        "select id, generation, link_hash from invite where study = ? and link_hash is not null limit 1",
        study,
    )
    if any(link_hash(keys.token(invite, generation)) != bytes(hash) for invite, generation, hash in first):
        fail("fieldwork-other-secret", study=study)
    return keys


def links_of(
    engine: Engine, vault_folder: str | Path, study: str, secret: bytes, base: str
) -> dict[int, str]:
    """The link of each person who was invited; ToplineError as `link_keys`, or if one does not fit."""
    keys = link_keys(engine, vault_folder, study, secret)
    people = engine.rows(
        "select id, generation, link_hash from invite where study = ? and link_hash is not null", study
    )
    found = {}
    for invite, generation, hash in people:
        if link_hash(keys.token(invite, generation)) != bytes(hash):
            fail("fieldwork-other-secret", study=study)
        found[invite] = keys.address(base, invite, generation)
    return found
