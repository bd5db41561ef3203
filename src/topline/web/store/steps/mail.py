"""Step 2: the outbox, what was refused and what came back."""

from __future__ import annotations

from typing import Final

from topline.web.store.steps.step import Step

STEP: Final = Step()
