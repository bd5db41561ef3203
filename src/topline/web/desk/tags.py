"""What the desk's templates may say: words of the catalogue, and numbers with thousands."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from topline.base.words import words

register = template.Library()


@register.simple_tag
def say(id: str, **values: object) -> SafeString:
    """The words of that id; what is put into them is escaped."""
    escaped = {name: conditional_escape(value) for name, value in values.items()}
    return mark_safe(words(f"desk-{id}", **escaped))


@register.filter
def thousands(n: int) -> str:
    """1980 as 1,980."""
    return f"{n:,}"
