"""The settings as they are in production: nothing to warn of, closed where nothing is said, one secret kept safe."""

import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from govlab import settings as portal

ROOT = Path(__file__).resolve().parent.parent
ASKED = ("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "HTTPS", "DATABASE_URL", "CACHE_URL", "NUM_PROXIES", "EMAIL_URL")


def manage(*words: str, var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` in a process of its own, with nothing set in the environment but this."""
    kept: Mapping[str, str] = {name: value for name, value in os.environ.items() if name not in ASKED}
    environment = {**kept, "DJANGO_SETTINGS_MODULE": "govlab.settings", "VAR_DIR": str(var), **environment}
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_djangos_own_check_for_production_has_nothing_to_say(tmp_path: Path) -> None:
    done = manage("check", "--deploy", "--fail-level", "INFO", var=tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced)."), done.stderr


def test_the_check_would_find_a_portal_without_https(tmp_path: Path) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", var=tmp_path, HTTPS="off")
    assert (done.returncode, "security.W004" in done.stderr, "security.W012" in done.stderr) == (1, True, True)


SHOWN = [
    *("DEBUG", "HTTPS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"),
    *("SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"),
    *("SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE", "SECURE_HSTS_SECONDS", "X_FRAME_OPTIONS"),
    *("SECURE_REFERRER_POLICY", "ALLOWED_HOSTS", "SECURE_PROXY_SSL_HEADER"),
]


def test_what_nothing_is_said_about_is_closed(tmp_path: Path) -> None:
    code = f"from django.conf import settings; print([getattr(settings, name) for name in {SHOWN}])"
    done = manage("shell", "--no-imports", "-c", code, var=tmp_path)
    expected = [False, True, True, True, True, True, True, "__Host-session", "__Host-csrf", "Lax", "Lax"]
    expected += [63072000, "DENY", "same-origin", ["127.0.0.1", "localhost", "[::1]"], None]
    assert (done.stdout.strip(), done.stderr) == (repr(expected), "")


# --- the secret key --------------------------------------------------------------------------------------------------
@pytest.fixture
def var(monkeypatch: Any, tmp_path: Path) -> Path:
    monkeypatch.setattr(portal, "VAR_DIR", tmp_path)
    return tmp_path


def test_the_secret_is_made_once_for_its_owners_eyes_only(var: Path) -> None:
    old = os.umask(0)
    try:
        first, second = portal._kept_secret(), portal._kept_secret()
    finally:
        os.umask(old)
    [kept] = list(var.iterdir())
    assert (kept.name, stat.S_IMODE(kept.stat().st_mode), kept.read_text()) == ("secret_key", 0o600, first)
    assert (first == second, len(first) >= 64) == (True, True)


def test_workers_that_start_at_the_same_moment_have_one_secret(var: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(lambda _: portal._kept_secret(), range(64)))
    assert (len(secrets), [path.name for path in var.iterdir()]) == (1, ["secret_key"])


def test_a_secret_from_the_environment_is_not_written_down(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    done = manage("shell", "--no-imports", "-c", code, var=tmp_path, SECRET_KEY="from-outside")
    assert (done.stdout.strip(), (tmp_path / "secret_key").exists()) == ("from-outside", False)
