"""The portal as `make run` serves it, on the facts and the demonstration, in front of a real browser."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium
from tests.serving import environment, free_port, make_ready, serve


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ours = [item for item in items if "tests/browser/" in item.path.as_posix()]
    for item in ours:
        item.add_marker(pytest.mark.browser)
    # Pages are looked at before the others use up what the demonstration asks for.
    ours.sort(key=lambda item: item.path.name != "test_pages.py")
    items[:] = [item for item in items if item not in set(ours)] + ours


@dataclass(frozen=True)
class Portal:
    """Where it answers, and the password of the demonstration accounts."""

    url: str
    password: str


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder, port = tmp_path_factory.mktemp("portal"), free_port()
    env = environment(folder, port)
    make_ready(env, folder)
    server = serve(env, port)
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
