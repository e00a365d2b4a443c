"""One file, everything from the environment, closed by default."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # database, letters and secret: for its owner only


def _kept_secret() -> str:
    """The secret key of this installation, made once into `var/` and readable by its owner only."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        handle, made = tempfile.mkstemp(dir=VAR_DIR)  # mode 0600
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):  # a worker that started at the same moment was first
            os.link(made, path)
        os.unlink(made)
    return path.read_text().strip()


# --- what the environment decides ------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
HTTPS = env.bool("HTTPS", default=True)  # off only where the portal is tried out on this machine: `make run`
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
CACHES = {"default": env.cache_url("CACHE_URL", default="dbcache://portal_cache")}
# A full cache drops what it holds: at Django's 300 entries, whoever fills it would wipe the counts of failed sign-ins.
CACHES["default"]["OPTIONS"] = {"MAX_ENTRIES": 1_000_000} | CACHES["default"].get("OPTIONS", {})
PAGES_MEMORY = env.int("PAGES_MEMORY", default=48)  # MB in which each process keeps public pages (govlab/pages.py)
PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000").rstrip("/")  # for addresses in letters
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
NUM_PROXIES = env.int("NUM_PROXIES", default=0)  # how many proxies of ours stand in front and add X-Forwarded-For
vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{VAR_DIR / 'letters'}"))
EMAIL_TIMEOUT = 10  # seconds; a mail server that does not answer holds nobody up
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default="GovLab <no-reply@localhost>")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")  # on the page that says whom to ask, where they are set
CONTACT_PHONE = env.str("CONTACT_PHONE", default="")
REVIEW_DAYS = env.int("REVIEW_DAYS", default=7)  # what waits longer for staff is red, and told to the desk's lead
WEBHOOKS_PLAIN = env.bool("WEBHOOKS_PLAIN", default=False)  # http:// for webhooks too; only to try a receiver out

# --- databases -------------------------------------------------------------------------------------------------------
DATABASES["default"].update(
    {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            # No query here is worth compiling.
            "options": "-c lock_timeout=3s -c statement_timeout=5s -c idle_in_transaction_session_timeout=10s"
            " -c jit=off",
        },
    }
    if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"
    else {
        # IMMEDIATE: a writer waits its turn instead of failing half way through with "database is locked".
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            # As on PostgreSQL: who must wait longer gets the busy page with the typed text, instead of a blank one.
            "timeout": 2.5,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
    }
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- apps and the way a request goes ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "govlab",
    "agencies",
    "projects",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "simple_history",
    "allauth",
    "allauth.account",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "govlab.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "govlab.middleware.printable",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "govlab.middleware.language",
    "govlab.cors.open_reads",
    "govlab.middleware.sized",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "govlab.middleware.SignInFirst",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "govlab.urls"
WSGI_APPLICATION = "govlab.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "govlab.folding.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",  # lazy: only pages that show them read them
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "govlab.templatetags.thai",
                "govlab.templatetags.look",
                "govlab.templatetags.door",
                "projects.templatetags.taking",
            ],
        },
    }
]
FORM_RENDERER = "govlab.forms.Renderer"

# --- languages: Thai first, English beside it -------------------------------------------------------------------------
LANGUAGE_CODE = "th"
LANGUAGES = [("th", _("Thai")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "govlab" / "locale"]
TIME_ZONE = "Asia/Bangkok"
USE_TZ = True

# --- files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("png", "webp", "woff2", "map", "txt", "html")
MAX_BODY = 64 * 1024 * 1024  # bytes of one request: a form with its files
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_TEMP_DIR = None

# --- people ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspace:home"
ACCOUNT_ADAPTER = "agencies.account.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # staff make the accounts; the letter with the first password proves the address
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # the portal writes to nobody it does not know
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/5m/ip,6/5m/key", "reset_password": "5/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = NUM_PROXIES

# --- safety ----------------------------------------------------------------------------------------------------------
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "govlab.middleware.csrf_failed"
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if NUM_PROXIES else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # whoever watches asks from inside
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- the API ---------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["agencies.api.tokens.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["govlab.api.JsonParser"],
    "DEFAULT_FILTER_BACKENDS": ["agencies.api.asking.Asked"],
    "DEFAULT_PAGINATION_CLASS": "govlab.api.Pages",
    "DEFAULT_SCHEMA_CLASS": "agencies.api.schema.Schema",
    "DEFAULT_THROTTLE_CLASSES": ["govlab.throttling.Throttle"],
    "DEFAULT_METADATA_CLASS": None,  # the schema says what there is; OPTIONS would say it a second time
    "EXCEPTION_HANDLER": "govlab.api.answer_error",
    "NUM_PROXIES": NUM_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=300)
SPECTACULAR_SETTINGS = {
    "TITLE": "GovLab API",
    "DESCRIPTION": (
        "Read everything the portal shows in public; with a token, do what its owner may do, by the same rules as on "
        "the pages. What visitors do without an account (rate a project, answer a call, propose an innovation, follow) "
        "is done on the pages alone: their forms guard it against spam."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "projects.api.docs.with_examples",
    ],
    "ENUM_NAME_OVERRIDES": {
        "PublishStateEnum": "projects.models.PublishState",
        "UpdateStateEnum": "projects.models.UpdateState",
        "StageStateEnum": "projects.models.StageState",
        "ReportedStateEnum": "projects.models.updates.REPORTED_STATES",
        "AssignmentStateEnum": "projects.models.AssignmentState",
        "AgencyKindEnum": "agencies.models.AgencyKind",
        "DeliveryKindEnum": "projects.models.webhooks.KINDS",
        "DeliveryStateEnum": "projects.models.DeliveryState",
        "ImportStateEnum": "projects.models.ImportState",
        "ImportTableEnum": "projects.models.ImportTable",
        "MeetingKindEnum": "projects.models.MeetingKind",
        "ItemKindEnum": "projects.models.ItemKind",
        "ModerationEnum": "projects.models.Moderation",
        "MoveEnum": "projects.rules.agenda.MOVES",
        "MoveOneEnum": "projects.rules.themes.TO",
        "PartKindEnum": "projects.models.PartKind",
        "PresenceEnum": "projects.models.Presence",
        "ProposalStateEnum": "projects.models.ProposalState",
        "RowKindEnum": "projects.models.RowKind",
        "StageNumberEnum": "projects.models.StageNumber",
        "TakesEnum": "projects.models.Takes",
        "ToldEnum": "projects.models.Told",
    },
}

# --- what is written down about a running portal ----------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # A 404 or a refused form is an answer, not an event.
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
