"""Tables of the thin store. A response carries no date, no token and no order; a draft is one row a page."""

from typing import Final

VERSION: Final = 1

SCHEMA: Final = """
create table meta (name text primary key, value text not null) without rowid;
create table person (
  token blob primary key,
  study text not null,
  facts text not null,
  seed integer not null,
  state text not null check (state in ('invited', 'started', 'sent')),
  sent text
) without rowid;
create table draft (
  token blob not null references person (token),
  page text not null,
  version integer not null,
  body text not null,
  primary key (token, page)
) without rowid;
create table response (
  id blob primary key,
  study text not null,
  questionnaire text not null,
  facts text not null,
  answers text not null
) without rowid;
"""
