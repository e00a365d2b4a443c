"""The portal's settings, made quick and harmless for tests."""

import environ

env = environ.Env()
from govlab.settings import *  # noqa: E402, F403

HTTPS = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "session", "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = False
DATABASES["default"]["OPTIONS"].pop("init_command", None)  # noqa: F405
if test_url := env.str("TEST_DATABASE_URL", default=""):
    DATABASES = {
        "default": {
            **env.db_url_config(test_url),
            # A test database need not outlive a crash, and queries this small are not worth compiling.
            "OPTIONS": {"options": "-c synchronous_commit=off -c jit=off"},
            # UTF-8 whatever the server's own databases are in: in locale C no Thai letter is a letter.
            "TEST": {"TEMPLATE": "template0", "CHARSET": "UTF8"},
        }
    }
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PAGES_MEMORY = 0  # tests write past the rules; those of govlab/pages.py ask for it
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
API_REQUESTS_PER_MINUTE = 1_000_000
