"""Accounts of the desk, as `topline desk` makes and changes them."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from topline.base import fail
from topline.web.desk.rights import Granted


def has_account(name: str) -> bool:
    """Whether there is an account of that name."""
    return bool(User.objects.filter(username=name).exists())


def add_account(name: str, password: str | None, granted: Granted) -> None:
    """Grant a role; with a password, to a new account."""
    user, made = User.objects.get_or_create(username=name)
    if made:
        user.set_password(password)
        user.save()
    user.grants.get_or_create(role=granted.role, study=granted.study, department=granted.department)


def set_password(name: str, password: str) -> None:
    """Give an account another password, which ends its sessions."""
    user = _account(name)
    user.set_password(password)
    user.save()


def remove_account(name: str) -> None:
    """Take an account and its roles away."""
    _account(name).delete()


def listed() -> list[str]:
    """A line for each role: name, role, study, department."""
    return [
        f"{user.username:<24} {each.role:<14} {each.study or 'every study'}"
        + (f" ({each.department} alone)" if each.department else "")
        for user in User.objects.order_by("username")
        for each in user.grants.order_by("role", "study")
    ]


def need_good(password: str, name: str) -> None:
    """ToplineError for a password that is too short, too common or the name itself."""
    try:
        validate_password(password, User(username=name))
    except ValidationError as error:
        fail("desk-password", why=" ".join(error.messages))


def _account(name: str) -> User:
    found = User.objects.filter(username=name).first()
    if found is None:
        fail("desk-nobody", name=name)
    return found
