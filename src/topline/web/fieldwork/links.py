"""Links: worked out from the secret and the vault's salt whenever they are needed, and stored nowhere."""

from __future__ import annotations

from pathlib import Path

from topline.base import fail
from topline.web.fieldwork.promise import read_promise, release_state
from topline.web.keys import derive, link_hash, token_of
from topline.web.store.engines import Engine
from topline.web.vault.folder import Vault


def links_of(
    engine: Engine, vault_folder: str | Path, study: str, secret: bytes, base: str
) -> dict[int, str]:
    """The link of each person; ToplineError once the study is closing, or if the secret is another one."""
    promise = read_promise(engine, study)
    if release_state(engine, study) != "open":
        fail("invite-closed", study=study)
    vault = Vault(vault_folder, study)
    try:
        if vault.mark != promise.vault:
            fail("vault-other", folder=vault_folder, study=study)
        key = derive(secret, "link", vault.salt)
    finally:
        vault.close()
    people = engine.rows("select id, generation, link_hash from invite where study = ?", study)
    found = {}
    for invite, generation, hash in people:
        token = token_of(key, study, invite, generation)
        if link_hash(token) != bytes(hash):
            fail("fieldwork-other-secret", study=study)
        found[invite] = f"{base.rstrip('/')}/s/{study}/i/{token}"
    return found
