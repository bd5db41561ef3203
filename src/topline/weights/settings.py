"""The `weighting:` of study.yaml as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from topline.weights.distances import Distance, Name

Adjust = Literal["none", "post_stratify", "rake", "calibrate"]


@dataclass(frozen=True, slots=True)
class Weighting:
    """How answers are weighted.

    `use` names a finished weight. `targets` gives a file for each variable or crossing; `classes` and
    `replies` the classes of non-response and the file of their counts; `merged` the group that people
    without an answer are counted with; `scale_to` the target whose total the others take; `cap` the largest
    weight in means.
    """

    use: str = ""
    adjust: Adjust = "none"
    targets: Mapping[str, str] = field(default_factory=dict)
    classes: str = ""
    replies: str = ""
    merged: Mapping[str, str] = field(default_factory=dict)
    scale_to: str = ""
    distance: Distance = field(default_factory=Distance)
    cap: float | None = None
    rerake: bool = False

    @property
    def changes(self) -> bool:
        """Whether any weight is made."""
        return self.adjust != "none" or bool(self.replies)


def weighting_of(settings: Mapping[str, object]) -> Weighting:
    """Read the mapping of study.yaml, whose shape and settings have been checked."""
    bounds, trim = settings.get("bounds"), _map(settings.get("trim"))
    classes, replies = next(iter(_map(settings.get("nonresponse")).items()), ("", ""))
    name = str(settings.get("distance", "linear"))
    limits = (float(str(bounds[0])), float(str(bounds[1]))) if isinstance(bounds, list) else None
    return Weighting(
        use=str(settings.get("use", "")),
        adjust=cast(Adjust, str(settings.get("adjust", "none"))),
        targets=_map(settings.get("targets")),
        classes=classes,
        replies=replies,
        merged=_map(settings.get("missing")),
        scale_to=str(settings.get("scale_to", "")),
        distance=Distance(cast(Name, name), limits),
        cap=float(trim["max"]) if "max" in trim else None,
        rerake=trim.get("rerake", "true") == "true",
    )


def _map(value: object) -> dict[str, str]:
    return {str(key): str(item) for key, item in value.items()} if isinstance(value, Mapping) else {}
