"""Every setting, in one file. Defaults run on a bare machine; production differs by the environment only.

docs/reference/settings.md lists the variables; a border test compares it with this file.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from convene.settings import env

PACKAGE = Path(__file__).resolve().parent.parent

# --- where this site is ----------------------------------------------------
DATA = Path(env.text("CONVENE_DATA") or Path.cwd() / "var").resolve()
PUBLIC_ADDRESS = env.text("CONVENE_PUBLIC_ADDRESS").rstrip("/")
"""https://… that outsiders reach; empty: this machine only, and publishing says so."""
LOCAL_ADDRESS = env.text("CONVENE_LOCAL_ADDRESS", "http://localhost:8000")
DEMO = env.flag("CONVENE_DEMO")
"""One-click entry as a demo person. Refused together with a public address."""
DEBUG = env.flag("CONVENE_DEBUG")

if PUBLIC_ADDRESS and not PUBLIC_ADDRESS.startswith("https://"):
    raise ImproperlyConfigured("CONVENE_PUBLIC_ADDRESS must begin with https://.")
if PUBLIC_ADDRESS and DEMO:
    raise ImproperlyConfigured("CONVENE_DEMO lets anyone in; it cannot run at CONVENE_PUBLIC_ADDRESS.")
if PUBLIC_ADDRESS and DEBUG:
    raise ImproperlyConfigured("CONVENE_DEBUG shows internals; it cannot run at CONVENE_PUBLIC_ADDRESS.")


def _secret_key() -> str:
    """From the environment; else one made at the first start and kept beside the data."""
    given = env.secret("CONVENE_SECRET_KEY")
    if given:
        return given
    if PUBLIC_ADDRESS:
        raise ImproperlyConfigured("Set CONVENE_SECRET_KEY (or CONVENE_SECRET_KEY_FILE) for a public site.")
    path = DATA / "secret-key"
    if not path.exists():
        from django.core.management.utils import get_random_secret_key

        DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key(), encoding="utf-8")
    return path.read_text(encoding="utf-8")


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.secret("CONVENE_OLD_SECRET_KEYS").split()
"""Keys this site had before: sessions, links and conduct reports made with them still open."""

_host = urlsplit(PUBLIC_ADDRESS).hostname
ALLOWED_HOSTS = [_host] if _host else ["localhost", "127.0.0.1", "[::1]", "testserver"]
ALLOWED_HOSTS += env.words("CONVENE_EXTRA_HOSTS")

# --- what it is made of ----------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "template_partials",
    "convene.foundation.audit",
    "convene.foundation.calendars",
    "convene.foundation.jobs",
    "convene.foundation.live",
    "convene.foundation.mail",
    "convene.apps.people",
    "convene.apps.communities",
    "convene.apps.capabilities",
    "convene.apps.workshops",
    "convene.apps.seats",
    "convene.apps.attendance",
    "convene.apps.equity",
    "convene.apps.rooms",
    "convene.apps.connections",
    "convene.apps.voices",
    "convene.apps.stewardship",
    "convene.apps.notices",
    "convene.apps.exchange",
    "convene.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "convene.web.middleware.ReaderMiddleware",
    "convene.web.middleware.SecurityHeadersMiddleware",
    "convene.web.middleware.ErrorsMiddleware",
]

ROOT_URLCONF = "convene.web.urls"
WSGI_APPLICATION = "convene.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "convene.web.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "convene.web.ui.tags"],
        },
    },
]

# --- data ------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
FILES = DATA / "files"
CACHES = {
    # Rate limits of the login must be shared by all processes: a table, no second server.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "convene_cache",
        # Django's 300 would throw counts away as soon as some dozen people sign in at once.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- people and login ------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
WHO_MAY_START = env.choice("CONVENE_WHO_MAY_START", ("anyone", "admins"))
"""Who starts communities on a public site: anyone signed in, or site administrators."""
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, object]] = []
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "convene.apps.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_FORMS = {"add_email": "convene.apps.people.forms.NewAddressForm"}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("CONVENE_PROXIES", 1 if PUBLIC_ADDRESS else 0)
MFA_ADAPTER = "convene.apps.people.adapter.PasskeyAdapter"
MFA_FORMS = {"add_webauthn": "convene.apps.people.forms.PasskeyForm"}
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PUBLIC_ADDRESS
SOCIALACCOUNT_ADAPTER = "convene.apps.people.adapter.OrganisationAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # the adapter links, and only by an address that is vouched for
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may not lead off the site (form-action in the security policy)
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_PROVIDERS: dict[str, object] = {}
OIDC_NAME = env.text("CONVENE_OIDC_NAME")
if env.text("CONVENE_OIDC_URL"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": OIDC_NAME or "Single sign-on",
                "client_id": env.text("CONVENE_OIDC_CLIENT"),
                "secret": env.secret("CONVENE_OIDC_SECRET"),
                "settings": {"server_url": env.text("CONVENE_OIDC_URL")},
            }
        ],
    }

# --- language and time -----------------------------------------------------
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ar", _("Arabic"))]
LOCALE_PATHS = [PACKAGE / "locale"]

# --- static files ----------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS: list[Path] = []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "convene.web.storage.OneSheetStorage"
        if PUBLIC_ADDRESS
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PUBLIC_ADDRESS
WHITENOISE_AUTOREFRESH = not PUBLIC_ADDRESS
MEDIA_ROOT = FILES

# --- mail ------------------------------------------------------------------
MAIL_FROM = env.text("CONVENE_MAIL_FROM", "Convene <convene@localhost.localdomain>")
REPLY_ADDRESS = env.text("CONVENE_REPLY_ADDRESS")
"""The mailbox `convene mailbox` reads; calendars answer to it. Empty: replies go to people."""
REPLY_AUTH_SERVER = env.text("CONVENE_REPLY_AUTH_SERVER")
"""The mail server whose Authentication-Results we believe; see docs/how-to/answer-by-calendar.md."""
DEFAULT_FROM_EMAIL = MAIL_FROM
SERVER_EMAIL = MAIL_FROM
EMAIL_HOST = env.text("CONVENE_SMTP_HOST")
EMAIL_PORT = env.number("CONVENE_SMTP_PORT", 587)
EMAIL_HOST_USER = env.text("CONVENE_SMTP_USER")
EMAIL_HOST_PASSWORD = env.secret("CONVENE_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("CONVENE_SMTP_STARTTLS", default=True)
EMAIL_USE_SSL = env.flag("CONVENE_SMTP_TLS")
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "convene.foundation.mail.outbox.OutboxBackend"
)
OUTBOX = DATA / "outbox"
"""Without an SMTP server mails are files here, and the demo shows them in its mailbox."""

# --- jobs ------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- live pages ------------------------------------------------------------
LIVE_POLL_SECONDS = 6.5
"""How often, about, a page asks what changed while no stream comes through."""
STREAM_PORT = env.number("CONVENE_STREAM_PORT", 0)
"""Where the stream is on one machine; `convene run` sets it. 0: none runs."""
STREAM_URL = env.text("CONVENE_STREAM_URL", f"{PUBLIC_ADDRESS}/stream" if PUBLIC_ADDRESS else "").rstrip("/")
if STREAM_URL == "off":
    STREAM_URL, STREAM_PORT = "", 0
elif STREAM_URL and not STREAM_URL.startswith("https://" if PUBLIC_ADDRESS else ("http://", "https://")):
    raise ImproperlyConfigured("CONVENE_STREAM_URL must begin with https://, or be off.")

# --- chance ----------------------------------------------------------------
DRAND_RELAYS = env.addresses(
    "CONVENE_DRAND_RELAYS", "https://api.drand.sh https://drand.cloudflare.com" if PUBLIC_ADDRESS else ""
)
"""Where a public beacon is fetched from, one after the other; empty: it is not fetched (nothing leaves this
machine)."""

# --- safety ----------------------------------------------------------------
CSRF_TRUSTED_ORIGINS = [PUBLIC_ADDRESS] if PUBLIC_ADDRESS else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PUBLIC_ADDRESS else None
SECURE_SSL_REDIRECT = bool(PUBLIC_ADDRESS)
SECURE_REDIRECT_EXEMPT = [r"^alive/$"]  # a monitor on this machine asks without the proxy
SECURE_HSTS_SECONDS = 31_536_000 if PUBLIC_ADDRESS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(PUBLIC_ADDRESS)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Whether other names under this one speak HTTPS, and whether browsers should know it beforehand, is the
# domain owner's to say: the proxy can send that.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- logs ------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "convene.foundation.logs.Formatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("CONVENE_LOG", "WARNING").upper()},
}
