"""Every kind of page in both languages: WCAG 2.2 AA by axe, no sideways scroll at 320 px, a light first visit."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.places import DESK, DESK_FOUND, PUBLIC, WORKSPACE, WORKSPACE_DUE, WORKSPACE_FOUND

AXE = Axe()
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # What stands on a page is all in its styles already, and how to find a node in it is told by its HTML.
    "preload": False,
    "selectors": False,
}


def english(path: str) -> str:
    return f"/en{path}"


def troubles(page: Page) -> list[str]:
    """What axe finds, as one line each."""
    found = AXE.run(page, options=OPTIONS).response["violations"]
    return [f"{rule['id']}: {node['html'][:140]}" for rule in found for node in rule["nodes"]]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def walk(page: Page, paths: tuple[str, ...]) -> dict[str, list[str]]:
    """The troubles of each page in Thai and English, at 1280 and at 320 px."""
    found = {}
    for path in paths:
        for address in (path, english(path)):
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(address)
            trouble = troubles(page)
            page.set_viewport_size({"width": 320, "height": 700})
            if (wider := sideways(page)) > 0:
                trouble.append(f"{wider} px sideways at 320 px")
            if trouble:
                found[address] = trouble
    return found


@pytest.mark.parametrize("paths", [PUBLIC[::2], PUBLIC[1::2]])
def test_public_pages(paths: tuple[str, ...], visit: Callable[..., Page]) -> None:
    assert walk(visit(), paths) == {}


def test_public_pages_in_the_dark(visit: Callable[..., Page]) -> None:
    page, found = visit(dark=True, width=390), {}
    for path in PUBLIC:
        page.goto(path)
        if trouble := troubles(page):
            found[path] = trouble
    assert found == {}


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("reporter", WORKSPACE),
        ("lead", WORKSPACE[-4:]),
        ("desk", DESK[::3]),
        ("desk", DESK[1::3]),
        ("desk", DESK[2::3]),
    ],
)
def test_private_pages(
    who: str, paths: tuple[str, ...], visit: Callable[..., Page], sign_in_as: Callable[[Page, str], None]
) -> None:
    page = visit()
    sign_in_as(page, who)
    assert walk(page, paths) == {}


@pytest.mark.parametrize(
    ("who", "ways"), [("reporter-b", WORKSPACE_DUE), ("reporter", WORKSPACE_FOUND), ("desk", DESK_FOUND)]
)
def test_pages_found_from_others(
    who: str, ways: tuple[tuple[str, ...], ...], visit: Callable[..., Page], sign_in_as: Callable[[Page, str], None]
) -> None:
    page = visit()
    sign_in_as(page, who)
    paths = []
    for start, *links in ways:
        page.goto(start)
        for link in links:
            address = page.locator(f"main {link}").first.get_attribute("href")
            page.goto(str(address))
        paths.append(urlsplit(page.url).path)
    assert len({*paths}) == len(ways)
    assert walk(page, tuple(paths)) == {}


def test_a_colleagues_link_and_the_list_of_links(
    visit: Callable[..., Page], sign_in_as: Callable[[Page, str], None]
) -> None:
    page = visit()
    sign_in_as(page, "reporter")
    page.locator("main .ledger h3 a[href*='/updates/']").first.click()
    page.locator("a[href$='/links/']").click()
    page.locator("#id_name").fill("นางสาวสมใจ ใฝ่รู้")
    page.locator("#id_ends_on").fill(f"{date.today() + timedelta(days=14):%d/%m/%Y}")
    page.locator("main form button").first.click()
    address = page.locator("#address").input_value()
    assert page.locator(".ledger h3").bounding_box()["width"] > 100  # a name is a line, not a column of letters
    assert walk(page, (urlsplit(page.url).path,)) == {}
    assert walk(visit(), (urlsplit(address).path,)) == {}


LIGHT = [path for path in PUBLIC if not path.startswith(("/fill/", "/no-such", "/accounts/"))]


@pytest.mark.parametrize("path", LIGHT)
def test_a_first_visit_is_light(path: str, browser: Browser, portal: Any) -> None:
    context = browser.new_context(base_url=portal.url)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(path, wait_until="networkidle")
    context.close()
    assert 0 < sum(sizes) <= 100_000
    assert len(sizes) <= 8


def test_at_200_percent_text_nothing_is_cut_off(visit: Callable[..., Page]) -> None:
    page, found = visit(width=640), {}
    for path in PUBLIC:
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        if wider := sideways(page):
            found[path] = wider
    assert found == {}


def test_swagger_opens_without_another_host(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("/api/docs/")
    page.locator(".opblock").first.wait_for(timeout=60_000)  # the description is made first
    seen: set[str] = set()
    for _screen in range(60):  # it draws what is looked at
        seen |= {
            str(name) for name in page.locator(".opblock-tag").evaluate_all("all => all.map((it) => it.dataset.tag)")
        }
        if len(seen) > 20:
            break
        page.mouse.wheel(0, 1500)
        page.wait_for_timeout(100)
    assert len(seen) > 20
