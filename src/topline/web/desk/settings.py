"""Django's settings of the desk: everything that is not needed is left out."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

#: Eight hours from signing in, whatever is done meanwhile.
SESSION: Final = 8 * 3600
#: Bytes and fields of a form that was keyed from paper.
MOST_KEYED: Final = 524_288
MOST_BOXES: Final = 2_000
#: Left out of Django's own checks: both would bind other hosts of the organisation to https.
SILENCED: Final = ("security.W005", "security.W021")


@dataclass(frozen=True, slots=True)
class Where:
    """Where the desk keeps its people, and the address that browsers find it at."""

    users: str
    base: str


def settings_of(where: Where) -> dict[str, Any]:
    """Django's settings. The secret is drawn anew at each start: a restart signs everybody out."""
    parts = urlsplit(where.base)
    secure = parts.scheme == "https"
    return {
        "DEBUG": False,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": [parts.hostname or "127.0.0.1"],
        "CSRF_TRUSTED_ORIGINS": [f"{parts.scheme}://{parts.netloc}"],
        "ROOT_URLCONF": "topline.web.desk.urls",
        **_parts(where),
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
        "AUTH_PASSWORD_VALIDATORS": [
            {
                "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
                "OPTIONS": {"min_length": 12},
            },
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
        ],
        "LANGUAGE_CODE": "en-gb",
        "USE_I18N": False,
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "LOGGING_CONFIG": None,  # no path, no address, no time of anybody's visit
        "FORCE_SCRIPT_NAME": "",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": MOST_KEYED,  # of a keyed form; middleware holds all others to less
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": MOST_BOXES,
        **_cookies(),
        **_transport(secure),
    }


def _parts(where: Where) -> dict[str, Any]:
    return {
        "INSTALLED_APPS": [
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "topline.web.desk.people.apps.People",
        ],
        "MIDDLEWARE": [
            "topline.web.desk.middleware.headers",
            "topline.web.desk.middleware.own_host",
            "topline.web.desk.middleware.small_forms",
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "topline.web.desk.middleware.DenyByDefault",
        ],
        "DATABASES": {
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": where.users,
                "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 10},
            }
        },
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [Path(__file__).parent / "templates"],
                "OPTIONS": {
                    "builtins": ["topline.web.desk.tags"],
                    "context_processors": ["django.template.context_processors.request"],
                },
            }
        ],
    }


def _cookies() -> dict[str, Any]:
    return {
        "SESSION_ENGINE": "django.contrib.sessions.backends.db",
        "SESSION_COOKIE_NAME": "__Host-desk",
        "SESSION_COOKIE_AGE": SESSION,
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "CSRF_COOKIE_NAME": "__Host-desk-form",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_AGE": None,
        "CSRF_FAILURE_VIEW": "topline.web.desk.views.forged",
    }


def _transport(secure: bool) -> dict[str, Any]:
    return {
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
        "SECURE_SSL_REDIRECT": secure,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "strict-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "SILENCED_SYSTEM_CHECKS": [*SILENCED, "security.W002"],  # framing is forbidden by the CSP
    }


def deployment_faults() -> list[str]:
    """What Django's own checks for deployment find, as its numbered messages; `set_up` comes before."""
    from django.core.checks import run_checks

    return [str(each) for each in run_checks(include_deployment_checks=True) if not each.is_silenced()]


def set_up(where: Where) -> None:
    """Make Django ready in this process, and bring its file to the tables of today."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    if not settings.configured:
        settings.configure(**settings_of(where))
        django.setup()
    # Below an error Django says who asked for which page, and Python prints it where nobody set up a log
    logging.getLogger("django").setLevel(logging.ERROR)
    call_command("migrate", verbosity=0, interactive=False)
    Path(where.users).chmod(0o600)
