"""`constraint` of a number as a range, where it is one."""

from __future__ import annotations

from decimal import Decimal

from topline.forms.xpath import Asked, Comparing, Joined, Literally, NotXPath, Tree, parse_xpath

_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def range_of(constraint: str, whole: bool) -> tuple[Decimal, Decimal] | None:
    """The lowest and highest number of `. >= 0 and . <= 120`; None if that is not all that it says.

    Of whole numbers `. < 11` is `. <= 10`; of others it is no range that includes its ends.
    """
    try:
        tree = parse_xpath(constraint)
    except NotXPath:
        return None
    bounds: dict[str, Decimal] = {}
    for part in tree.parts if isinstance(tree, Joined) and tree.how == "and" else (tree,):
        side = _side(part, whole)
        if side is None or side[0] in bounds:
            return None
        bounds[side[0]] = side[1]
    if len(bounds) < 2 or bounds["low"] > bounds["high"]:
        return None
    return bounds["low"], bounds["high"]


def _side(tree: Tree, whole: bool) -> tuple[str, Decimal] | None:
    if not isinstance(tree, Comparing):
        return None
    left, op, right = tree.left, tree.op, tree.right
    if isinstance(left, Literally) and op in _TURNED:
        left, right = right, left
        sign = _TURNED[op]
    else:
        sign = op
    if left != Asked("") or not isinstance(right, Literally) or right.number is None:
        return None
    number = right.number
    if sign in ("<", ">"):
        if not whole or number != int(number):
            return None
        number, sign = (number - 1, "<=") if sign == "<" else (number + 1, ">=")
    return {"<=": ("high", number), ">=": ("low", number)}.get(sign)
