"""One settings file. Everything that differs between installations is an environment variable.

LINLI_MODE is "embedded" (default: one community, one command), "office" (the same for an office's
own network: HTTPS, a second factor), "production" or "test".
The full list stands in docs/settings.md.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from linli.core.office import note as office_note
from linli.core.runtime import environment as env
from linli.core.runtime import logs

ROOT = Path(__file__).resolve().parent
TESTING = "pytest" in sys.modules or env.text("MODE") == "test"
DATA_DIR = Path(env.text("DATA", str(Path.cwd() / "var")))
# Data that was served to an office stays an office's: the same links, whichever command runs.
_by_itself = "office" if office_note.is_set_up(DATA_DIR) else "embedded"
MODE = "test" if TESTING else env.text("MODE") or _by_itself
if MODE not in ("embedded", "office", "production", "test"):
    raise env.BadSetting("LINLI_MODE: embedded, office, production or test")
DEMO = env.text("DEMO") == "1"

_keys = env.keys(MODE, DATA_DIR)
SECRET_KEY = _keys["SECRET_KEY"]
LINLI_FIELD_KEYS = [key for key in _keys["FIELD_KEYS"].split(",") if key]
LINLI_INDEX_KEY = _keys["INDEX_KEY"]

DEBUG = False
# An office serves its own network itself: its note says by which names and addresses.
LINLI_OFFICE = office_note.read(DATA_DIR) if MODE == "office" else None
ALLOWED_HOSTS = env.word_list("HOSTS", "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env.word_list("ORIGINS")
BEHIND_HTTPS = env.text("HTTPS", "1" if MODE == "production" else "0") == "1"
if LINLI_OFFICE is not None:
    ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS = LINLI_OFFICE.hosts, [LINLI_OFFICE.address]
    BEHIND_HTTPS = True
# How many proxies of our own stand before this, and where their connections come from.
LINLI_PROXIES = 0 if LINLI_OFFICE else env.number("PROXIES", 1 if BEHIND_HTTPS else 0, most=9)
LINLI_PROXY_NETWORKS = env.networks("PROXY_NETWORKS", env.INNER_NETWORKS)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = BEHIND_HTTPS
_BEHIND_A_PROXY = BEHIND_HTTPS and LINLI_OFFICE is None
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _BEHIND_A_PROXY else None
# An office's certificate may change with its address: phones must not be locked out by the old one.
SECURE_HSTS_SECONDS = 31_536_000 if _BEHIND_A_PROXY else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "linli.faces.web.sessions"
CSRF_FAILURE_VIEW = "linli.faces.web.errors.csrf_failed"


def _apps_in(floor: str) -> list[str]:
    """Find apps by folder: a new capability is a new folder and no line here."""
    return [
        f"linli.{floor.replace('/', '.')}.{folder.name}"
        for folder in sorted((ROOT / floor).iterdir())
        if (folder / "apps.py").is_file()
    ]


INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # the pages of security keys need it
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "linli.core",
    *_apps_in("register"),
    *_apps_in("workbench"),
    *_apps_in("commons"),
    *_apps_in("capabilities"),
    *_apps_in("integrations"),
    *_apps_in("faces"),
    *(["linli.demo"] if (ROOT / "demo" / "apps.py").is_file() else []),
]

MIDDLEWARE = [
    # Before all others: it answers without a database, over plain HTTP and by any host's name.
    "linli.faces.monitoring.door.MonitoringDoor",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "linli.faces.web.middleware.Compressed",
    "linli.faces.web.middleware.NoStore",
    "csp.middleware.CSPMiddleware",
    "linli.faces.web.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linli.faces.web.middleware.ScopeMiddleware",
    "linli.faces.web.read_guard.ReadBelt",
    "linli.register.posts.gate.PostGate",
    "linli.workbench.submissions.middleware.CountOnce",
    "linli.faces.web.errors.RefusedMiddleware",
]

ROOT_URLCONF = "linli.urls"
WSGI_APPLICATION = "linli.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "faces" / "web" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "linli.faces.web.loaders.Filesystem",
                        "linli.faces.web.loaders.AppDirectories",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "linli.faces.web.context.shell",
            ],
        },
    }
]

DATABASES = {"default": env.database(os.environ.get("DATABASE_URL", ""), DATA_DIR)}
if MODE != "test":
    DATA_DIR.mkdir(parents=True, exist_ok=True)
# On PostgreSQL the product works as this role, which owns no table: row-level security binds it.
LINLI_DATABASE_ROLE = env.text("DATABASE_ROLE", "linli_app")
# How old the last backup may be before `linli check` fails.
LINLI_BACKUP_HOURS = env.number("BACKUP_HOURS", 26, most=24 * 366)
# Programs that report and read cases by Open311; hosts of our own network that may be sent to.
LINLI_OPEN311 = env.choice("OPEN311", env.OPEN311)
LINLI_INNER_HOSTS = [*env.word_list("INNER_HOSTS"), *env.word_list("WEBHOOK_INNER_HOSTS")]
# Who may ask how this installation is: /health/ and /metrics.
LINLI_MONITOR_NETWORKS = env.networks("MONITOR_NETWORKS", env.THIS_MACHINE)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "posts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    *(["django.contrib.auth.hashers.MD5PasswordHasher"] if TESTING else []),
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "linli.register.posts.accounts.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = True
# Guesses are bounded by linli.register.posts.guesses, in a table that all processes share.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
ACCOUNT_FORMS = {"change_password": "linli.register.posts.guesses.ChangePassword"}
MFA_FORMS = {
    "authenticate": "linli.register.posts.guesses.SecondFactor",
    "reauthenticate": "linli.register.posts.guesses.SecondFactorAgain",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "/sign-in/"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# An office without mail tells passwords and second factors in person; no message is ever sent.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "邻里 Linli"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_HTTPS
SECOND_FACTOR_REQUIRED = MODE in ("office", "production")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
# Served from where they stand; their addresses change with their content, so they keep a year.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if TESTING else 31_536_000
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "linli.faces.web.static_files.MarkedStorage"},
}

_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": ["'self'", "data:"],
        "font-src": _SELF,
        "connect-src": _SELF,
        "manifest-src": _SELF,
        "form-action": _SELF,
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

NINJA_PAGINATION_MAX_LIMIT = 500
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING_CONFIG = None
logs.configure(
    env.text("LOG_LEVEL", "error" if TESTING else "warning"),
    for_machines=env.text("LOG_FORMAT", "json" if MODE == "production" else "words") == "json",
)
