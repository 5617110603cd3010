"""Settings, from the environment. One file for every way of running.

`MODE=embedded` (default) is for trying and for one small school: SQLite, a queue in files, a secret made on first use.
`MODE=server` is production: PostgreSQL, Redis, and every secret must be given; a missing one stops the start.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import django_include_bootstrap
import environ
import js_lib_bootstrap_icons
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.str("MODE", default="embedded")
if MODE not in {"embedded", "server"}:
    raise ImproperlyConfigured(f"MODE is {MODE!r}: kies embedded of server.")
SERVER = MODE == "server"


def required(name: str, meaning: str) -> str:
    """The value of an environment variable that a server cannot do without."""
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"De omgevingsvariabele {name} ontbreekt: {meaning}")
    return value


VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))


def embedded_secret(name: str) -> str:
    """A secret of this one machine, made on first use and kept in a file that only its owner can read."""
    path = VAR_DIR / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


DEVELOPMENT = env.bool("DEVELOPMENT", default=False)
"""Shows the page with all components. Never in production."""
DEMO = env.bool("DEMO", default=False)
"""The screen says that everybody on it is invented."""
DEMO_LOGINS = "thuiszitters.demo.logins.demo_logins"
"""The function that tells the log-in page of the demo who can be tried."""
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = (
    required("SECRET_KEY", "een lange willekeurige tekst (50 tekens of meer) die geheim blijft.")
    if SERVER
    else env.str("SECRET_KEY", default="") or embedded_secret("secret_key")
)
ALLOWED_HOSTS = (
    required("ALLOWED_HOSTS", "de hostnamen waarop de applicatie te bereiken is, met komma's ertussen.").split(",")
    if SERVER
    else env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "template_partials",
    "thuiszitters.accounts",
    "attendance",
    "cases",
    "tables",
    "thuiszitters.demo",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "thuiszitters.private_pages.private_pages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "thuiszitters.urls"
WSGI_APPLICATION = "thuiszitters.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "thuiszitters.nav.menu",
            ],
        },
    },
]

DATABASE_URL = (
    required("DATABASE_URL", "bijvoorbeeld postgres://gebruiker:wachtwoord@host:5432/naam.")
    if SERVER
    else env.str("DATABASE_URL", default="")
)
if DATABASE_URL:
    DATABASES: dict[str, dict[str, Any]] = {"default": env.db_url_config(DATABASE_URL)}
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
else:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "db.sqlite3",
            "OPTIONS": {
                # Writers wait for each other instead of failing; readers never wait.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = required("REDIS_URL", "bijvoorbeeld redis://host:6379/0.") if SERVER else env.str("REDIS_URL", default="")
CELERY_TASK_ALWAYS_EAGER = env.bool("CELERY_TASK_ALWAYS_EAGER", default=False)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 25 * 60
CELERY_TIMEZONE = "Europe/Amsterdam"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    QUEUE_DIR = VAR_DIR / "queue"
    for folder in ("messages", "control"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        "polling_interval": 0.1,
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

FOLLOW_UP_TASKS = ("cases.follow_up", "tables.follow_up")
"""Tasks sent after a change of crossings, in this order. Lost ones cost nothing: the schedule sends them again."""
LAST_CONTACTS = "cases.listings.last_contacts.last_contacts"
"""Called with ids of pupils: the date of the last talk with each of them or their parents, of whom there is one."""
NIGHTLY_HOUR = env.int("NIGHTLY_HOUR", default=5)
"""From this hour of the morning (local time) yesterday counts as finished. What time alone caused is then found by
the next run of attendance.evaluate_due, also after a night in which nothing ran."""
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_MB", default=200) << 20
"""Larger files from a school's administration are refused before they are read."""
UPLOAD_MAX_MB = env.int("UPLOAD_MAX_MB", default=50)
"""Larger files are cut off while they come in."""
UPLOAD_KEEP_DAYS = env.int("UPLOAD_KEEP_DAYS", default=7)
"""So long an uploaded file waits for a yes, and its refused rows to be mended. The file itself goes once it is in."""
FILE_UPLOAD_HANDLERS = [
    "attendance.upload_limit.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
REMINDER_HOUR = env.int("REMINDER_HOUR", default=7)
"""The hour of the morning (local time) in which mentors are mailed about classes that were not filled in. The runs
after the first find nothing to do, unless it was missed."""
CELERY_BEAT_SCHEDULE = {
    "attendance.evaluate_due": {"task": "attendance.evaluate_due", "schedule": crontab(minute="*/10")},
    "attendance.check_clocks": {
        "task": "attendance.check_clocks",
        "schedule": crontab(minute="30", hour=str(NIGHTLY_HOUR), day_of_week="sunday"),
    },
    "attendance.sweep_uploads": {"task": "attendance.sweep_uploads", "schedule": crontab()},
    "attendance.forget_uploads": {"task": "attendance.forget_uploads", "schedule": crontab(hour=4, minute=10)},
    "attendance.remind_of_registers": {
        "task": "attendance.remind_of_registers",
        "schedule": crontab(minute="5,25,45", hour=str(REMINDER_HOUR)),
    },
    "cases.follow_up": {"task": "cases.follow_up", "schedule": crontab()},
    "cases.recount": {"task": "cases.recount", "schedule": crontab(hour=3, minute=40)},
    "cases.propose_meetings": {"task": "cases.propose_meetings", "schedule": crontab(hour=6, minute=15)},
    "cases.mail": {"task": "cases.mail", "schedule": crontab()},
    "cases.remind_of_steps": {"task": "cases.remind_of_steps", "schedule": crontab(hour=7, minute=30)},
    "tables.follow_up": {"task": "tables.follow_up", "schedule": crontab()},
}

API_RATE = env.str("API_RATE", default="300/min")
"""Requests that one key of one school may send; a batch is one request."""

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_ADAPTER = "thuiszitters.accounts.login.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

LANGUAGE_CODE = "nl"
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
if not SERVER:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # empty: files are served from where they stand
STATICFILES_DIRS = [
    BASE_DIR / "static",
    Path(django_include_bootstrap.__file__).parent / "static",
    Path(js_lib_bootstrap_icons.__file__).parent / "static",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if SERVER
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not SERVER
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# A message that leaves the house carries no personal data; see the mail templates and their test.
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://" if not SERVER else "smtp://localhost:25")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Thuiszitters <noreply@thuiszitters.example>")
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
# What a page said after a save names the child: that waits for the next page with us, not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if SERVER:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^gezond/$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
