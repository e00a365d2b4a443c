"""The portal as `make run` serves it, on the facts and the demonstration, in front of a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium

ROOT = Path(__file__).resolve().parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Portal:
    """Where it answers, and the password of the demonstration accounts."""

    url: str
    password: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(folder: Path, port: int, **environment: str) -> subprocess.Popen[bytes]:
    """Starts the portal as `make run` does, with a folder of its own; returns once it answers."""
    env = {
        **os.environ,
        "VAR_DIR": str(folder),
        "HTTPS": "0",
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "API_REQUESTS_PER_MINUTE": "100000",
        **environment,
    }
    env.pop("DJANGO_SETTINGS_MODULE", None)
    subprocess.run([sys.executable, "manage.py", "get_ready"], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    granian = Path(sys.executable).with_name("granian")
    server = subprocess.Popen(
        [
            *(granian, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
            *("--blocking-threads", "16", "--no-ws", "--log-level", "error", "govlab.wsgi:application"),
        ],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
    )
    for _ in range(150):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return server
        except OSError:
            time.sleep(0.1)
    server.kill()
    raise RuntimeError("the portal does not answer")


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder, port = tmp_path_factory.mktemp("portal"), free_port()
    if ready := os.environ.get("READY_PORTAL"):
        shutil.copytree(ready, folder, dirs_exist_ok=True)
    server = serve(folder, port)
    yield Portal(f"http://127.0.0.1:{port}", (folder / "demo_password").read_text().strip())
    server.terminate()
    server.wait(10)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.path()
    if path is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=chromium.ARGS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser, portal: Portal) -> Iterator[Callable[..., Page]]:
    """`visit(width=390, dark=True, script=False)` opens a window of a new visitor that fails on any trouble:

    an error in the console, a request to another host, an answer of 500.
    """
    contexts: list[Any] = []
    trouble: list[str] = []

    def do(width: int = 1280, height: int = 900, dark: bool = False, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=portal.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale="th-TH",
            timezone_id="Asia/Bangkok",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: message.type == "error" and note(message.text))
        page.on("pageerror", lambda error: note(str(error)))
        page.on("request", lambda request: note(f"asks {request.url}") if elsewhere(request.url) else None)
        page.on("response", lambda answer: note(f"{answer.status} {answer.url}") if answer.status >= 500 else None)
        return page

    def elsewhere(url: str) -> bool:
        return not url.startswith((portal.url, "data:", "blob:", "about:"))

    def note(text: str) -> None:
        if "Failed to load resource" not in text:  # a refused form answers 400, and the browser says so
            trouble.append(text)

    yield do
    for context in contexts:
        context.close()
    assert trouble == []


@pytest.fixture
def sign_in_as(portal: Portal) -> Callable[[Page, str], None]:
    """`sign_in_as(page, "reporter")` signs the window in as one of the demonstration accounts."""

    def do(page: Page, name: str) -> None:
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(f"{name}@govlab.test")
        page.locator("input[name=password]").fill(portal.password)
        page.locator("main form button").first.click()
        page.wait_for_url("**/desk/" if name == "desk" else "**/workspace/")

    return do
