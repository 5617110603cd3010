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
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from thuiszitters import browser_rules
from thuiszitters.log_settings import log_settings
from thuiszitters.schedule import beat_schedule

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


def embedded_secret(name: str, made: str = "") -> str:
    """A secret of this one machine, made on first use (`made`: like this) and kept in a file that only its owner can
    read."""
    path = VAR_DIR / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(made or secrets.token_urlsafe(50))
    return path.read_text().strip()


DEVELOPMENT = env.bool("DEVELOPMENT", default=False)
"""Shows the page with all components. Never in production."""
DEMO = env.bool("DEMO", default=False)
"""The screen says that everybody on it is invented."""
DEMO_LOGINS = "thuiszitters.demo.logins.demo_logins"
"""The function that tells the log-in page of the demo who can be tried."""
DEBUG = env.bool("DEBUG", default=False)
if SERVER and (DEBUG or DEVELOPMENT):
    raise ImproperlyConfigured(
        "DEBUG en DEVELOPMENT tonen wat er in een verzoek staat, en kunnen niet met MODE=server."
    )
SECRET_KEY = (
    required("SECRET_KEY", "een lange willekeurige tekst (50 tekens of meer) die geheim blijft.")
    if SERVER
    else env.str("SECRET_KEY", default="") or embedded_secret("secret_key")
)
FIELD_KEYS = (
    required("FIELD_KEYS", "de sleutels van versleutelde gegevens, met komma's ertussen.").split(",")
    if SERVER
    else env.list("FIELD_KEYS", default=[]) or [embedded_secret("field_key", Fernet.generate_key().decode())]
)
"""Keys of fields that the database holds encrypted. A new one comes first; an old one goes when all is written anew."""
DIGEST_KEY = (
    required("DIGEST_KEY", "de sleutel waarmee versleutelde nummers en teksten te herkennen zijn.")
    if SERVER
    else env.str("DIGEST_KEY", default="") or embedded_secret("digest_key")
)
"""Key of the digests by which an encrypted number or text is recognised without being read."""
AUDIT_KEYS = (
    required("AUDIT_KEYS", "de sleutels van de zegels onder het logboek, met komma's ertussen.").split(",")
    if SERVER
    else env.list("AUDIT_KEYS", default=[]) or [embedded_secret("audit_key")]
)
"""Keys of the seals under the log. The first makes them; all are needed to verify what they made."""
DESTRUCTION_LEDGER_DIR = Path(env.str("DESTRUCTION_LEDGER_DIR", default=str(VAR_DIR / "vernietigd")))
"""Where it is written, outside the database, what was destroyed: a restored backup does not know of it."""
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
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "template_partials",
    "auditlog",
    "thuiszitters.audit",
    "thuiszitters.accounts",
    "attendance",
    "cases",
    "tables",
    "thuiszitters.privacy",
    "thuiszitters.demo",
]
MIDDLEWARE = [
    "thuiszitters.headers.headers_of_everything",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "thuiszitters.private_pages.private_pages",
    "thuiszitters.audit.origin.origin_of_request",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "thuiszitters.methods.page_methods_only",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "thuiszitters.accounts.timeouts.timed_sessions",
    "thuiszitters.accounts.timeouts.LoginRequired",
    "allauth.account.middleware.AccountMiddleware",
    "thuiszitters.accounts.second_factor_gate.second_factor_gate",
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
LEAVING = ("attendance.services.leaving.release", "cases.services.leaving.release")
"""What each app lets go of when somebody leaves (accounts/services/leaving.py tells how)."""
LAST_CONTACTS = "cases.listings.last_contacts.last_contacts"
"""Called with ids of pupils: the date of the last talk with each of them or their parents, of whom there is one."""
ACCESS_GROUNDS = (
    "attendance.grounds.grounds_of_attendance",
    "attendance.access_grounds.grounds_of_looking_in",
    "cases.grounds.grounds_of_cases",
    "tables.grounds.grounds_of_tables",
)
"""Why somebody may come to a pupil: each app's own part of the answer (accounts/authorizer.py tells how)."""
ENROLLED_THEN = "attendance.listings.enrolled_then.enrolled_then"
"""Called with ids of schools: a condition on entries of the log, that the child was a pupil there on that day."""
DESTROYED_BEFORE = "thuiszitters.privacy.services.came_back.destroyed_before"
"""Called with children (number, birth date, surname key): when their enrolments at which school were destroyed."""
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
OUTSIDER_WEEKS = env.int("OUTSIDER_WEEKS", default=12)
"""So long a gedragsdeskundige, jeugdarts or somebody who looks in sees a pupil, unless another day is chosen."""
OUTSIDER_MOST_WEEKS = env.int("OUTSIDER_MOST_WEEKS", default=26)
"""No further ahead than this; after that somebody has to think again."""
ODD_READING_PUPILS = env.int("ODD_READING_PUPILS", default=40)
"""More different pupils than this, opened by one person within ODD_READING_MINUTES, are an alert to the FG."""
ODD_READING_MINUTES = env.int("ODD_READING_MINUTES", default=60)
REMINDER_HOUR = env.int("REMINDER_HOUR", default=7)
"""The hour of the morning (local time) in which mentors are mailed about classes that were not filled in. The runs
after the first find nothing to do, unless it was missed."""
CELERY_BEAT_SCHEDULE = beat_schedule(nightly_hour=NIGHTLY_HOUR, reminder_hour=REMINDER_HOUR)

# Old and new values of what is saved; they are written to our own log, see thuiszitters/audit.
AUDITLOG_LOGENTRY_MODEL = "audit.Entry"
# The table of its own, which the package would make all the same, stays away.
MIGRATION_MODULES = {"auditlog": None}
AUDITLOG_STORE_JSON_CHANGES = True
AUDITLOG_DISABLE_ON_RAW_SAVE = True

API_RATE = env.str("API_RATE", default="300/min")
"""Requests that one key of one school may send; a batch is one request."""

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "thuiszitters.accounts.passwords.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "thuiszitters.accounts.passwords.GuessableValidator"},
    {"NAME": "thuiszitters.accounts.passwords.BreachedValidator"},
]
BREACHED_PASSWORDS_FILE = env.str("BREACHED_PASSWORDS_FILE", default="")
"""A file with SHA-1 hashes of leaked passwords, in order. Looked up on this machine; empty: there is none."""
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_ADAPTER = "thuiszitters.accounts.login.AccountAdapter"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "thuiszitters.accounts.links.LinkTokens"  # noqa: S105 - the name of a class
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # nobody gets mail; it makes the same work: see AccountAdapter.send_mail
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
LOCK_OUT_MINUTES = 15  # so long nobody gets in after five wrong passwords for one address
ACCOUNT_RATE_LIMITS = {
    # A whole school may share one address: those are wide, and narrow by account.
    "login": "60/m/ip",
    "login_failed": f"60/{LOCK_OUT_MINUTES}m/ip,5/{LOCK_OUT_MINUTES}m/key",
    "reset_password": "20/m/ip,3/h/key",
    "reset_password_from_key": "20/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if SERVER else 0)
"""How many proxies of one's own stand before the application, and add an address to X-Forwarded-For each."""
SOCIALACCOUNT_ADAPTER = "thuiszitters.accounts.school_login.SchoolAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
LOGIN_PROVIDERS_NEARBY = DEVELOPMENT  # whether they may be on this machine, without TLS; never in production
SESSION_ENGINE = "thuiszitters.accounts.session_store"
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=30)
"""Without a sign of life for so long somebody is logged out."""
SESSION_COOKIE_AGE = 12 * 60 * 60  # and after so many seconds in any case
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# The second step: an app, passkeys, recovery codes (thuiszitters/accounts/second_factor.py says who must).
MFA_ADAPTER = "thuiszitters.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are made by a beheerder, and begin with a link sent to the address
MFA_TOTP_ISSUER = "Thuiszitters"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "thuiszitters.accounts.factor_forms.CodeAtLogin",
    "authenticate_webauthn": "thuiszitters.accounts.factor_forms.PasskeyAtLogin",
    "login_webauthn": "thuiszitters.accounts.factor_forms.PasskeyAlone",
    "reauthenticate": "thuiszitters.accounts.factor_forms.CodeAgain",
    "reauthenticate_webauthn": "thuiszitters.accounts.factor_forms.PasskeyAgain",
}
STEP_UP_MINUTES = env.int("STEP_UP_MINUTES", default=10)
"""So long after somebody proved who they are it is not asked again, before an export, rights or emergency access."""
ACCOUNT_REAUTHENTICATION_TIMEOUT = STEP_UP_MINUTES * 60

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

SECURE_SSL_REDIRECT = SERVER and env.bool("SECURE_SSL_REDIRECT", default=True)
CONTENT_SECURITY_POLICY = browser_rules.content_security_policy(upgrade=SECURE_SSL_REDIRECT)
PERMISSIONS_POLICY = browser_rules.PERMISSIONS_POLICY
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
"""Others hear nothing. "no-referrer" would make browsers send `Origin: null` with our own forms, and fail them all."""
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
# What a page said after a save names the child: that waits for the next page with us, not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if SERVER:
    SECURE_REDIRECT_EXEMPT = [r"^gezond/$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # With this prefix a browser takes them from this host alone, over TLS, and no neighbour can put one in its place.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

LOGGING = log_settings(as_json=SERVER, level=env.str("LOG_LEVEL", default="INFO"))
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # jobs log as the rest does
