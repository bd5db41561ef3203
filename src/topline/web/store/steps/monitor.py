"""Step 4: counters of the fieldwork, where it stands by day and by group, its course, and its outcomes.

Every number of days, groups and counters is a multiple of ten: the smaller part is written nowhere.
"""

from __future__ import annotations

from typing import Final

from topline.web.store.steps.step import Step

_TABLES: Final = (
    "create table monitor_counter (study text not null, name text not null, bucket text not null,"
    " n bigint not null, primary key (study, name, bucket))",
    "create table monitor_day (study text not null, day text not null, finished bigint not null,"
    " primary key (study, day))",
    "create table monitor_group (study text not null, attribute text not null, value text not null,"
    " day text not null, invited bigint not null, finished bigint not null,"
    " primary key (study, attribute, value))",
    "create table course (study text primary key, paused integer not null, last_day text)",
    "create table outcome_count (study text not null, cell text not null, outcome text not null,"
    " n bigint not null, primary key (study, cell, outcome))",
)
STEP: Final = Step(_TABLES)
