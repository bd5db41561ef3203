"""Step 3: samples, joiners and leavers, codes on paper, open links.

`invite.way` is how a person is reached: `list`, `link` or `paper`, `batch` the link or the batch of codes;
`drawn` is 0 for those whom a sample left out, `gone` 1 for those who left the organisation. A place of a link
is `listed` until somebody takes it. Of samples only counts by group are kept: `base` is the sum of 1 over the
probability of those drawn.
"""

from __future__ import annotations

from typing import Final

from topline.web.store.steps.step import Step

_TABLES: Final = (
    "alter table invite add column way text not null default 'list'",
    "alter table invite add column batch text not null default ''",
    "alter table invite add column drawn integer not null default 1",
    "alter table invite add column gone integer not null default 0",
    "alter table invite add column code_hash {blob}",
    "create unique index invite_code on invite (code_hash)",
    "create table sample (study text primary key, plan text not null)",
    "create table sample_cell (study text not null, cell text not null, listed bigint not null,"
    " drawn bigint not null, base double precision not null, primary key (study, cell))",
    "alter table class_count add column listed bigint not null default 0",
    "alter table class_count add column base double precision not null default 0",
    "create table link (study text not null, name text not null, cell text not null, headcount bigint,"
    " places bigint not null, hash {blob} unique, first bigint, most bigint, primary key (study, name))",
)
STEP: Final = Step(_TABLES)
