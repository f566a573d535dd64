"""All settings, from the environment, safe by default (see docs/deploy.md for the variables)."""

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from core import env

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = env.required("TESSERA_SECRET_KEY")
DEBUG = env.flag("TESSERA_DEBUG")
DEMO = env.flag("TESSERA_DEMO")
INSECURE_HTTP = env.flag("TESSERA_INSECURE_HTTP")
BASE_URL = os.environ.get("TESSERA_BASE_URL", "https://localhost")
ALLOWED_HOSTS = env.words("TESSERA_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
PROXIES = int(os.environ.get("TESSERA_PROXIES", "0"))
DATA_DIR = Path(os.environ.get("TESSERA_DATA_DIR", BASE_DIR / ".local" / "data"))

INSTALLED_APPS = [
    "core",
    "assessments",
    "convoys",
    "situation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.gis",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "leaflet",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.ActorMiddleware",
    "core.middleware.ReaderMiddleware",
    "core.middleware.AuditMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.middleware.ProblemMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "core.urls"
WSGI_APPLICATION = "core.wsgi.application"
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
                "django.template.context_processors.i18n",
                "core.context.shell",
            ],
            "builtins": ["core.templatetags.tessera"],
        },
    }
]

DATABASES = {"default": env.database(env.required("TESSERA_DATABASE_URL"))}
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("TESSERA_TEST_DATABASE") or None}
WEB_THREADS = int(os.environ.get("TESSERA_WEB_THREADS", "8"))
if env.flag("TESSERA_DATABASE_POOL"):
    # One connection for each thread: nobody ever waits for another's.
    pool = {"min_size": 1, "max_size": WEB_THREADS, "timeout": 10}
    DATABASES["default"] |= {"CONN_HEALTH_CHECKS": True}
    DATABASES["default"]["OPTIONS"]["pool"] = pool
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.required("TESSERA_REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
}

CELERY_BROKER_URL = env.celery_broker(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 30}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A new process that a busy machine lets start late is not killed, with the first task in its hands.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60.0
# Seconds that a job may take; then the ledger ends it, and the process that does it.
JOB_SECONDS = float(os.environ.get("TESSERA_JOB_SECONDS", "600"))
CELERY_TASK_TIME_LIMIT = JOB_SECONDS + 60
# Seconds after which a job whose worker is silent is handed on; all other times follow from it.
JOB_LEASE = float(os.environ.get("TESSERA_JOB_LEASE", "30"))
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "release convoys": {
        "task": "convoys.tasks.release_convoys",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "waybills that are final": {
        "task": "convoys.tasks.finalise_waybills",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "heartbeat": {"task": "core.tasks.heartbeat", "schedule": 5.0, "options": {"expires": 10}},
    "sweep jobs": {
        "task": "core.tasks.sweep_jobs",
        "schedule": JOB_LEASE * 2 / 3,
        "options": {"expires": JOB_LEASE * 2 / 3},
    },
    "access clock": {
        "task": "core.tasks.access_clock",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
}

# How many hours ahead parties want to be told of a movement (convoys are checked against it).
NOTICE_HOURS = float(os.environ.get("TESSERA_NOTICE_HOURS", "48"))
NOTICE_EMERGENCY_HOURS = float(os.environ.get("TESSERA_NOTICE_EMERGENCY_HOURS", "24"))
# How many days after its arrival a waybill is final though nobody has said so; 0 leaves it open.
FINAL_DAYS = float(os.environ.get("TESSERA_FINAL_DAYS", "7"))

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "core.accounts.PasswordBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "core.accounts.NotTheDemonstrationPassword"},
    *(
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in (
            "UserAttributeSimilarityValidator",
            "MinimumLengthValidator",
            "CommonPasswordValidator",
            "NumericPasswordValidator",
        )
    ),
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "core.accounts.InvitationOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
# Sign-ins are counted by axes; many share one address in a field office.
ACCOUNT_RATE_LIMITS = {"login": None}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
MFA_ADAPTER = "core.accounts.FactorAdapter"
MFA_TOTP_ISSUER = "Tessera"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = INSECURE_HTTP
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "core.accounts.attempted_name"
AXES_CLIENT_IP_CALLABLE = "core.accounts.client_address"
AXES_LOCKOUT_CALLABLE = "core.views.errors.locked_out"
AXES_VERBOSE = False

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("ru", "Русский"),
    ("hy", "Հայերեն"),
    ("az", "Azərbaycanca"),
    ("ar", _("Right to left (test)")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
FORMAT_MODULE_PATH = ["core.formats"]
FIRST_DAY_OF_WEEK = 1
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Named by a hash of their content, by Django or by Vite: kept for good.
WHITENOISE_IMMUTABLE_FILE_TEST = r"\.[0-9a-f]{12}\.[^/]+$|/build/field/chunks/"
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = ""
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 500
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *env.words("TESSERA_TILE_HOSTS")],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = not INSECURE_HTTP
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not INSECURE_HTTP
SECURE_HSTS_PRELOAD = not INSECURE_HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_HTTP
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_FAILURE_VIEW = "core.views.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
# Debian 12 ships GDAL 3.6, older than Django names; see docs/decisions/0003.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.api.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.problems.handle",
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.JsonParser"],
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_THROTTLE_CLASSES": ["core.api.throttles.Throttle"],
    "DEFAULT_THROTTLE_RATES": {"user": os.environ.get("TESSERA_API_RATE", "600/min")},
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tessera",
    "DESCRIPTION": "One picture of humanitarian needs, from the household form to the convoy.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "AUTHENTICATION_WHITELIST": [],
    "APPEND_COMPONENTS": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "SECURITY": [{"token": []}],
    "POSTPROCESSING_HOOKS": ["core.api.schema.add_problems"],
}

LEAFLET_CONFIG = {
    "TILES": [
        (_("Background"), url, {"attribution": os.environ.get("TESSERA_TILE_ATTRIBUTION", "")})
        for url in [os.environ.get("TESSERA_TILE_URL")]
        if url
    ],
    "RESET_VIEW": False,
    "SCALE": "metric",
    "ATTRIBUTION_PREFIX": "",
    "MINIMAP": False,
}

PGHISTORY_APPEND_ONLY = True
LOGGING_CONFIG = "core.logs.configure"
LOGGING = {"level": os.environ.get("TESSERA_LOG_LEVEL", "INFO")}
