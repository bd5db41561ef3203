"""Data quality: flags on people and questions, and the declared rules that take people out.

A flag says “look here” and changes nothing. Who is taken out follows from rules of study.yaml
(`quality: exclude:`), each with its reason; their counts go wherever figures go.
"""

from topline.dataset.excluded import Excluded, Exclusions
from topline.dataset.quality.assess import Quality, assess, excluding
from topline.dataset.quality.duplicates import Duplicates, duplicates
from topline.dataset.quality.exclude import exclude, without
from topline.dataset.quality.flags import Flag
from topline.dataset.quality.nonresponse import ItemNonresponse, item_nonresponse
from topline.dataset.quality.rules import Contradiction, Exclusion, QualityRules, quality_rules
from topline.dataset.quality.speed import Speed, speed
from topline.dataset.quality.straight import GridQuality, straight_lining

__all__ = [
    "Contradiction",
    "Duplicates",
    "Excluded",
    "Exclusion",
    "Exclusions",
    "Flag",
    "GridQuality",
    "ItemNonresponse",
    "Quality",
    "QualityRules",
    "Speed",
    "assess",
    "duplicates",
    "exclude",
    "excluding",
    "item_nonresponse",
    "quality_rules",
    "speed",
    "straight_lining",
    "without",
]
