"""Step 4: counters of the fieldwork, and where it stands by day."""

from __future__ import annotations

from typing import Final

from topline.web.store.steps.step import Step

STEP: Final = Step()
