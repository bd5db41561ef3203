"""Signing in: what people were granted, and delays after failures."""

from __future__ import annotations

import hashlib
import time
from typing import Any, Final

from django.http import HttpRequest

from topline.web.desk.people.models import Failure
from topline.web.desk.rights import Granted

_FREE: Final = 3  # failures without a delay
_LONGEST: Final = 900.0  # seconds


def grants_of(user: Any) -> list[Granted]:
    """What somebody was granted; nothing if the account is switched off."""
    if not user.is_authenticated or not user.is_active:
        return []
    return [Granted(each.role, each.study, each.department) for each in user.grants.all()]


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, as the proxy beside us says: the last address that it added."""
    passed = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return passed or str(request.META.get("REMOTE_ADDR", ""))


def wait(name: str, address: str) -> float:
    """Seconds until this account may be tried again from this address."""
    found = Failure.objects.filter(key=_key(name, address)).first()
    return max(0.0, found.until - time.time()) if found else 0.0


def failed(name: str, address: str) -> None:
    """Note a failure: from the fourth on, each doubles the wait."""
    key, now = _key(name, address), time.time()
    found, _ = Failure.objects.get_or_create(key=key, defaults={"count": 0, "until": 0.0})
    found.count += 1
    if found.count > _FREE:
        found.until = now + min(_LONGEST, 2.0 ** (found.count - _FREE))
    found.save()


def succeeded(name: str, address: str) -> None:
    """Forget the failures."""
    Failure.objects.filter(key=_key(name, address)).delete()


def _key(name: str, address: str) -> str:
    return hashlib.sha256(f"{name.strip().lower()}|{address}".encode("utf-8", "replace")).hexdigest()
