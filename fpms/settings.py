"""Settings: environment variables only, each read once (README lists them all)."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from fpms import embedded, env, secrets

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("FPMS_DEBUG", False)
PRODUCTION = env.flag("FPMS_PRODUCTION", False)
SECRET_KEY = env.text("FPMS_SECRET_KEY", "" if PRODUCTION else secrets.local("secret_key"))
# Newest first: "2:base64key,1:base64key". New values are written with the first key.
FIELD_KEYS = env.text("FPMS_FIELD_KEYS", "" if PRODUCTION else secrets.local_field_keys())
FIELD_CIPHER = env.text("FPMS_FIELD_CIPHER", "aes-256-gcm")
if PRODUCTION and not (SECRET_KEY and FIELD_KEYS):
    raise ImproperlyConfigured("Set FPMS_SECRET_KEY and FPMS_FIELD_KEYS (or their _FILE forms).")

ALLOWED_HOSTS = env.items("FPMS_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.items("FPMS_TRUSTED_ORIGINS")
PROXY_COUNT = env.number("FPMS_PROXY_COUNT", 0)
OFFICE_NAME = env.text("FPMS_OFFICE_NAME", "青禾县卫生健康局")
HOTLINE = env.text("FPMS_HOTLINE", "0999-8100120")
VERSION = "0.1.0"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.postgres",
    "fpms.apps.ReferenceSiteConfig",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "rest_framework",
    "apps.core",
    "apps.audit",
    "apps.regions",
    "apps.accounts",
    "apps.imports",
    "apps.indicators",
    "apps.households",
    "apps.women",
    "apps.home",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "apps.core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.SessionRulesMiddleware",
    "apps.regions.middleware.ChosenRegionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.core.middleware.RequestContextMiddleware",
    "axes.middleware.AxesMiddleware",
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # finds our own widgets

ROOT_URLCONF = "fpms.urls"
WSGI_APPLICATION = "fpms.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home:worklist"
LOGOUT_REDIRECT_URL = "accounts:login"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.context.shell",
            ],
        },
    },
]


def _database(url: str) -> dict:
    """Turn postgresql://user:password@host:port/name?host=/socket into Django's settings."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "fpms",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": env.number("FPMS_CONN_MAX_AGE", 600),
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {
    "default": _database(env.text("DATABASE_URL", None if PRODUCTION else embedded.database_url()))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all web processes, and still there when the broker is not.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

REDIS_URL = env.text("REDIS_URL", None if PRODUCTION else embedded.redis_url())
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False  # the job's row is the truth
CELERY_TASK_SOFT_TIME_LIMIT = 30 * 60
CELERY_TASK_TIME_LIMIT = 35 * 60
# Longer than any task; Celery reads it in three places.
CELERY_VISIBILITY_TIMEOUT = 60 * 60
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": CELERY_VISIBILITY_TIMEOUT,
    "socket_connect_timeout": 5,  # a page must not wait for a broker that does not answer
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": CELERY_VISIBILITY_TIMEOUT}
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker, however long
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"
# A beat that nobody ran in time is dropped: the next one does the same.
CELERY_BEAT_SCHEDULE = {
    "sweep jobs": {
        "task": "apps.core.tasks.sweep_jobs",
        "schedule": 10,
        "options": {"expires": 30},
    },
    "refresh figures": {
        "task": "apps.indicators.tasks.refresh_changed",
        "schedule": 5,
        "options": {"expires": 5},
    },
    "count everything": {
        "task": "apps.indicators.tasks.roll_up_everything",
        "schedule": crontab(hour=1, minute=20),
        "options": {"expires": 6 * 3600},
    },
    "clear sessions": {
        "task": "apps.core.tasks.clear_sessions",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 3600},
    },
    "remove old files of imports": {
        "task": "apps.imports.tasks.remove_old_files",
        "schedule": crontab(hour=3, minute=50),
        "options": {"expires": 3600},
    },
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["apps.core.formats"]
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = not DEBUG
MEDIA_ROOT = Path(env.text("FPMS_MEDIA_ROOT", str(embedded.home() / "media")))

# Passwords: length and a blocklist; no forced change (quality of the factor, not its age).
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "apps.accounts.validators.OwnWordsValidator"},
]
PASSWORD_HASHERS = [
    "apps.accounts.hashers.Argon2idHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_RESET_TIMEOUT = 60 * 60

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_IDLE_SECONDS = env.number("FPMS_SESSION_IDLE_SECONDS", 30 * 60, least=60)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "apps.core.error_pages.csrf_failure"
if PRODUCTION:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# Lock-out: user name together with address, because a village office shares one address.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "apps.accounts.lockout.TieredHandler"
AXES_LOCKOUT_CALLABLE = "apps.accounts.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "apps.accounts.lockout.client_address"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False

DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
IMPORT_MAX_BYTES = 20 * 1024 * 1024
IMPORT_MAX_ROWS = 50_000
IMPORT_MAX_COLUMNS = 300
# For so long a written import can be taken back, and one taken back brought in again.
IMPORT_UNDO_DAYS = 30
# How long the stored files of imports are kept, in days: the uploaded file after the import ended,
# the workbook with its errors after it was made.
IMPORT_KEEP_FILES_DAYS = 3 * 365 + 1
IMPORT_KEEP_ERRORS_DAYS = 30

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DJANGO_TABLES2_TEMPLATE = "components/table.html"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "EXCEPTION_HANDLER": "apps.core.api.explain",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "FPMS",
    "VERSION": VERSION,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAdminUser"],
    "ENUM_NAME_OVERRIDES": {
        "BatchState": "apps.imports.models.BatchState.choices",
        "UndoState": "apps.imports.models.UndoState.choices",
    },
    # The pages' scripts are served by this system itself, never by another host.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

PGHISTORY_DEFAULT_TRACKERS = ()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("FPMS_LOG_LEVEL", "WARNING")},
}
