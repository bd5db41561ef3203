"""Step 3: samples, joiners and leavers, codes on paper, open links."""

from __future__ import annotations

from typing import Final

from topline.web.store.steps.step import Step

STEP: Final = Step()
