"""What every layer shares: findings and errors, the message catalogue, rounding."""

from topline.base.findings import Finding, Mark, ToplineError, fail, severity_of
from topline.base.rounding import half_up

__all__ = ["Finding", "Mark", "ToplineError", "fail", "half_up", "severity_of"]
