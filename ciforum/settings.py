"""One settings file. What differs between places comes from the environment.

Without DATABASE_URL the project uses its own PostgreSQL (`ciforum.embedded`), without REDIS_URL
a queue of files; both live under CIFORUM_LOCAL. Without DEBUG, a missing secret stops the start.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from ciforum import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

LOCAL = Path(env.str("CIFORUM_LOCAL", default=str(BASE_DIR / ".local")))
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("CIFORUM_DEMO", default=False)
TESTING = "pytest" in sys.modules
# What production is: not a developer's machine, not the demonstration, not a test run.
PRODUCTION = not (DEBUG or DEMO or TESTING)

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not (DEBUG or TESTING):
        raise ImproperlyConfigured(
            "Set SECRET_KEY to a long random string; nothing starts without."
        )
    SECRET_KEY = "only-for-development-and-tests"  # noqa: S105

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "csp",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "ciforum.people",
    "equity",
    "agenda",
    "measurement",
    "backbone",
    "ciforum.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "ciforum.people.middleware.HeadersMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "ciforum.people.middleware.NullByteMiddleware",
    "measurement.boarding.embedded.Cookieless",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ciforum.people.middleware.SignInMiddleware",
    "ciforum.people.middleware.LanguageMiddleware",
    "ciforum.people.middleware.InitiativeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ciforum.people.middleware.SecondFactorMiddleware",
    "ciforum.people.middleware.ColleagueMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "ciforum.urls"
WSGI_APPLICATION = "ciforum.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ciforum.people.context.chrome",
            ],
        },
    },
]

# --- PostgreSQL. The web connects as a role that owns nothing; migrations and tests as the owner.
_ROLE: Literal["owner", "web"] = "owner" if TESTING or "migrate" in sys.argv[1:2] else "web"
_DATABASE_URL = env.str("DATABASE_URL", default="")
if _ROLE == "owner":
    _DATABASE_URL = env.str("DATABASE_OWNER_URL", default=_DATABASE_URL)
DATABASES = {"default": environ.Env.db_url_config(_DATABASE_URL or embedded.database_url(_ROLE))}
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True, ATOMIC_REQUESTS=False)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_MODULES: dict[str, str] = {}

# --- Celery. Every job that matters is a row in people.Job; the queue only says "look now".
REDIS_URL = env.str("REDIS_URL", default="")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A worker takes no more than it can do at once: what it holds back, it takes to its grave.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A request does not wait for a queue that is away: the row is there, and beat finds it.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0}
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 3 * 60 * 60,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 3,
    }
else:
    _QUEUE = LOCAL / "queue"
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT = "ciforum.filequeue.Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_QUEUE / "messages"),
        "data_folder_out": str(_QUEUE / "messages"),
        "control_folder": str(_QUEUE / "control"),
        "polling_interval": 0.3,
    }
JOB_SWEEP_SECONDS = env.float("JOB_SWEEP_SECONDS", default=15)
# Rounds that nobody could make are not made up for: the next one does all of it.
CELERY_BEAT_SCHEDULE = {
    "run-overdue-jobs": {
        "task": "ciforum.people.tasks.run_overdue_jobs",
        "schedule": JOB_SWEEP_SECONDS,
        "options": {"expires": 60.0},
    },
    "send-notices": {
        "task": "ciforum.people.tasks.send_notices",
        "schedule": 30.0,
        "options": {"expires": 60.0},
    },
    "act-on-deadlines": {
        "task": "agenda.tasks.act_on_deadlines",
        "schedule": 30.0,
        "options": {"expires": 60.0},
    },
    "remind-voters": {
        "task": "agenda.tasks.remind_voters",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600.0},
    },
    "forget-old-uploads": {
        "task": "measurement.tasks.forget_old_uploads",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600.0},
    },
    "forget-unconfirmed-addresses": {
        "task": "measurement.walking.mailing.forget_unconfirmed",
        "schedule": timedelta(days=1),
        "options": {"expires": 3600.0},
    },
    "keep-reports": {
        "task": "measurement.owing.reminding.keep_reports",
        "schedule": timedelta(minutes=30),
        "options": {"expires": 1800.0},
    },
    "remind-of-agreements": {
        "task": "measurement.catalogue.agreements_due.remind_of_agreements",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600.0},
    },
    "remind-of-requests": {
        "task": "measurement.releasing.asking.remind_of_requests",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600.0},
    },
    "end-terms-of-seats": {
        "task": "equity.tasks.end_terms",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 300.0},
    },
    "announce-ends-of-terms": {
        "task": "equity.tasks.announce_ends",
        "schedule": timedelta(hours=6),
        "options": {"expires": 3600.0},
    },
}

# --- Cache: rate limits must be shared by all processes, so they live in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        # Above this, rows are thrown out: a low bound would let a flood wipe the counters.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    },
    "pages": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "ciforum.people.pagefiles.PageFiles",
            "LOCATION": str(LOCAL / "cache"),
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        }
    ),
}

# --- People: sign-in by e-mail with a password or a code that is sent.
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}  # type: ignore[assignment]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "people:home"
LOGOUT_REDIRECT_URL = "people:home"
ACCOUNT_ADAPTER = "ciforum.people.accounts.AccountAdapter"
# E-mail is unique on Lower("email"), a constraint that Django's check does not look at.
# To have a domain preloaded into browsers is for its owner to decide, not for one site on it.
SILENCED_SYSTEM_CHECKS = ["auth.W004", "security.W021"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
# Mail is slow in places, and so is finding one's glasses: codes hold for a quarter of an hour.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
# Counted before a password is hashed, which costs 0.4 s: per address of the sender, and per e-mail
# address asked for. Those not named here keep allauth's own limits.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "request_login_code": "10/m/ip,3/5m/key",
    "reset_password": "10/m/ip,3/5m/key",
    "reset_password_from_key": "10/m/ip",
    "signup": "20/m/ip",
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "ciforum.people.passkeys.PasskeyForm"}
MFA_TOTP_ISSUER = "CI Forum"
MFA_TOTP_TOLERANCE = 1  # clocks of phones are up to half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
# Whoever runs an initiative holds everybody's data: in production a password alone won't do.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=PRODUCTION)

# --- Security. TLS ends at the reverse proxy.
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURITY_HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    # Passkeys need their own; nothing else here asks a device for anything.
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)",
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
if PRODUCTION and SITE_URL.startswith("https://"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
# How many proxies in front of us write X-Forwarded-For; rate limits count by the address they saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)

# Plotly adds one empty <style> and fills it from script: the hash is that of the empty string.
_EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", _EMPTY_STYLE],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "media-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    },
}

# --- Languages and time. Each initiative has its own zone; the database keeps UTC.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
USE_I18N = True
# Our words win over those that other packages have for the same English, such as “History”.
LOCALE_PATHS = [
    BASE_DIR / app / "locale"
    for app in ("ciforum/people", "equity", "agenda", "measurement", "backbone")
]
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "UTC"
USE_TZ = True

# --- Files. Uploads are kept outside the web root and answered by views only.
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else LOCAL / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(LOCAL / "files")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "ciforum.stylesheets.Bundled"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
FILE_UPLOAD_PERMISSIONS = 0o600
# Beside their final place: they may hold persons, and a system's temporary folder may be memory.
FILE_UPLOAD_TEMP_DIR = env.str("FILE_UPLOAD_TEMP_DIR", default=str(MEDIA_ROOT / "incoming"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=250_000_000)

# --- E-mail: SMTP in production, a folder of files in the demo.
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
elif PRODUCTION:
    raise ImproperlyConfigured("Set EMAIL_URL, e.g. smtp+tls://user:password@mail.example.org:587.")
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(LOCAL / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="CI Forum <forum@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # At DEBUG it writes down whole pages' variables: receipts of secret ballots, words of persons.
    "loggers": {"django.template": {"level": "INFO"}},
}

for _folder in (Path(FILE_UPLOAD_TEMP_DIR), *([] if PRODUCTION else [STATIC_ROOT])):
    with suppress(OSError):  # a command that only looks at the code may not write here
        _folder.mkdir(mode=0o700, parents=True, exist_ok=True)
