"""Django settings. Everything that differs between installations comes from `environment`."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from comptoir.config.database_link import database_from_url
from comptoir.config.environment import data_folder, flag, load_secrets, single_sign_on
from comptoir.config.logs import log_settings

PACKAGE = Path(__file__).resolve().parent.parent
DATA = data_folder()
_secrets = load_secrets(DATA)

SECRET_KEY = _secrets.secret_key
SEALING_KEYS = _secrets.sealing_keys


def READ_SEALING_KEYS() -> tuple[str, ...]:  # noqa: N802 - a setting
    """As they are now: `comptoir privacy rotate-key` changes them while programs run."""
    return load_secrets(DATA).sealing_keys


DEBUG = False
ALLOWED_HOSTS = os.environ.get("COMPTOIR_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = list(filter(None, os.environ.get("COMPTOIR_ORIGINS", "").split(",")))
HTTPS = flag("COMPTOIR_HTTPS")

# Simulators live on loopback. Off in production: then no user-given address may be private at all.
ALLOW_LOOPBACK = flag("COMPTOIR_ALLOW_LOOPBACK")
TIME_ZONE_OF_MERCHANT = os.environ.get("COMPTOIR_TIME_ZONE", "Europe/Paris")
# Of the articles, within a day: more than that falling to zero at the ERP waits for a person.
CATALOGUE_GUARD_PERCENT = int(os.environ.get("COMPTOIR_CATALOGUE_GUARD_PERCENT", "30"))
ORDER_REFERENCE_PREFIX = os.environ.get("COMPTOIR_ORDER_PREFIX", "CO")
EXCHANGE_SAMPLE_RATE = float(os.environ.get("COMPTOIR_EXCHANGE_SAMPLE", "0.05"))

INSTALLED_APPS = [
    "comptoir.core",
    "comptoir.journal",
    "comptoir.accounts",
    "comptoir.catalog",
    "comptoir.channels",
    "comptoir.orders",
    "comptoir.inventory",
    "comptoir.offers",
    "comptoir.pricing",
    "comptoir.shipping",
    "comptoir.finance",
    "comptoir.events",
    "comptoir.flows",
    "comptoir.api",
    "comptoir.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "axes",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "comptoir.api.middleware.api_calls",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "comptoir.web.middleware.session_seen",
    "comptoir.web.middleware.file_on_its_way",
    "comptoir.web.middleware.reader",
    "comptoir.web.middleware.second_factor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "comptoir.config.urls"
WSGI_APPLICATION = "comptoir.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "comptoir.web.context.frame",
            ],
        },
    }
]

DATABASES = {
    "default": database_from_url(os.environ.get("DATABASE_URL", "postgresql://comptoir@127.0.0.1/comptoir"))
}
# A worker that has not beaten for this long is dead, and its jobs are given to others; it beats thrice as often.
WORKER_DEAD_AFTER_SECONDS = float(os.environ.get("COMPTOIR_WORKER_DEAD_AFTER", "30"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Second factors, passkeys, sessions and single sign-on are django-allauth's; the way in is our own page.
ACCOUNT_ADAPTER = "comptoir.web.sign_in_rules.AccountRules"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # who is invited was invited at that address
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "sign-in"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_ADAPTER = "comptoir.web.sign_in_rules.SecondFactorRules"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Comptoir"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow it on this machine alone
USERSESSIONS_TRACK_ACTIVITY = True
SOCIALACCOUNT_ADAPTER = "comptoir.web.sign_in_rules.SingleSignOnRules"
SOCIALACCOUNT_PROVIDERS = single_sign_on()
SOCIALACCOUNT_ONLY = False
# "administrators" or "optional". Only the demo and the tests turn it off, and every page then says so.
SECOND_FACTOR = os.environ.get("COMPTOIR_SECOND_FACTOR", "administrators")

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# The name of the field of the form, not of the model: otherwise failures are noted under no name, and
# nobody is ever locked out.
AXES_USERNAME_FORM_FIELD = "username"
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "comptoir/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
FORM_RENDERER = "comptoir.web.forms.base.HubRenderer"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
# WhiteNoise warns of a folder that is not there; the files are found in the packages without it.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# 10,000 rows of a bulk write, with room to spare.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
# Asked from inside, without the proxy that brings TLS.
SECURE_REDIRECT_EXEMPT = [r"^metrics$", r"^health/", r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "comptoir.web.notices.KeptMessages"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# The Django side of the job queue; `flows.jobs` declares the tasks.
PROCRASTINATE_ON_APP_READY = "comptoir.flows.jobs.on_app_ready"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Who hears of alerts (`flows.raise_alerts`), and from which mail server.
ALERT_EMAILS = list(filter(None, os.environ.get("COMPTOIR_ALERT_EMAILS", "").split(",")))
ALERT_WEBHOOK = os.environ.get("COMPTOIR_ALERT_WEBHOOK", "")
ALERT_WEBHOOK_SECRET = os.environ.get("COMPTOIR_ALERT_WEBHOOK_SECRET", "")
ALERT_THRESHOLDS = json.loads(os.environ.get("COMPTOIR_ALERT_THRESHOLDS", "{}"))
"""By rule, over the defaults of `flows.alert_rules`: {"lag": 3600}; null switches a rule off."""
METRICS_TOKEN = os.environ.get("COMPTOIR_METRICS_TOKEN", "")
EMAIL_BACKEND = os.environ.get("COMPTOIR_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = os.environ.get("COMPTOIR_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("COMPTOIR_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("COMPTOIR_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("COMPTOIR_SMTP_PASSWORD", "")
EMAIL_USE_TLS = flag("COMPTOIR_SMTP_STARTTLS")
EMAIL_USE_SSL = flag("COMPTOIR_SMTP_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("COMPTOIR_EMAIL_FROM", "comptoir@localhost")

LOGGING = log_settings(os.environ.get("COMPTOIR_LOG_LEVEL", "WARNING"), as_json=flag("COMPTOIR_LOG_JSON"))
