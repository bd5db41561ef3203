"""How the main store came to be as it is: steps, run in order, each once. A step that was released stays as
it is; what changes afterwards is a step of its own.
"""

from __future__ import annotations

from typing import Final

from topline.web.store.steps import core, frame, mail, monitor

STEPS: Final = (core.STEP, mail.STEP, frame.STEP, monitor.STEP)
