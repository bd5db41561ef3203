"""Step 2: the outbox. A letter is known by wave and a mark that says nothing; no text, no link, no time."""

from __future__ import annotations

from typing import Final

from topline.web.store.steps.step import Step

_TABLES: Final = (
    "create table outbox (study text not null, invite bigint not null, wave bigint not null,"
    " mark text not null unique,"
    " state text not null check (state in ('queued', 'claimed', 'sent', 'failed', 'unknown')),"
    " primary key (study, invite, wave))",
)
STEP: Final = Step(_TABLES, personal=("outbox",))
