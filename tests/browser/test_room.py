"""What the look leaves room for: long words without a gap, the largest text, and paper."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.places import PUBLIC
from tests.browser.test_pages import english, sideways

FILL = """long => {
    const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    const kept = "button, .btn, summary, option, svg, script, .unseen, .nowrap, .fields .num";
    const found = [];
    while (texts.nextNode()) found.push(texts.currentNode);
    for (const text of found)
        if (text.data.trim().length > 3 && !text.parentElement.closest(kept)) text.data = long;
    return found.length;
}"""
"""Puts a text where people's texts stand, and everywhere else that texts are."""
UNBROKEN = "กขฃคฅฆงจฉชซฌญฎฏฐ" * 13  # no dictionary breaks it; 208 letters, longer than any title


@pytest.mark.parametrize("width", [320, 1280])
def test_a_word_without_a_gap_breaks_on_every_page(visit: Callable[..., Page], width: int) -> None:
    page, found = visit(width=width), {}
    for path in PUBLIC:
        page.goto(path)
        assert page.evaluate(FILL, UNBROKEN) > 0
        if wider := sideways(page):
            found[path] = wider
    assert found == {}


def test_the_largest_text_has_room_on_every_page(visit: Callable[..., Page]) -> None:
    page, found = visit(width=320), []
    page.add_init_script("localStorage.setItem('govlab-size', 'largest')")
    for path in PUBLIC:
        page.goto(path)
        if wider := sideways(page):
            found.append((path, wider))
    page.set_viewport_size({"width": 1280, "height": 900})
    narrow = "all => all.filter(one => one.getBoundingClientRect().width < 180).length"
    for path in ("/agencies/demo-ministry/", "/cohorts/2562/", "/stages/3/", "/agencies/demo-a/"):
        page.goto(english(path))  # beside a rail, where a list has least room
        if letters := page.locator(".ledger h3").evaluate_all(narrow):
            found.append((path, letters))
    assert found == []


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/projects/GL2562-3/", 4),
        ("/calls/1/", 2),
        ("/calls/2/", 2),
        ("/agencies/demo-ministry/", 2),
        ("/meetings/govlab-conference-2562/", 2),
        ("/projects/map/", 1),
    ],
)
def test_a_printed_page_is_compact(visit: Callable[..., Page], path: str, most: int) -> None:
    page = visit()
    page.goto(path)
    sheets = re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True))
    assert 1 <= len(sheets) <= most
    page.emulate_media(media="print")
    code = page.locator(".qr svg").bounding_box()
    assert code is not None and code["y"] < 60 and code["x"] > 1280 / 2  # at the top, opposite the mark


def test_no_heading_is_left_alone_and_nothing_to_press_is_printed(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("/projects/GL2562-3/")
    page.emulate_media(media="print")
    after = "all => [...new Set(all.map(one => getComputedStyle(one).breakAfter))]"
    assert page.locator("main section > h2:not(.unseen)").evaluate_all(after) == ["avoid"]
    # A row that held the next would make one piece of the list, and leave the page before it half empty.
    page.goto("/agencies/demo-ministry/")
    assert page.locator(".ledger h3").evaluate_all(after) == ["auto"]
    first = "all => all.map(one => getComputedStyle(one).breakBefore)"
    assert page.locator(".ledger > :first-child").evaluate_all(first) == ["avoid"]
    for pressed in ("form", ".btn", ".rate", 'main a[href*="/follow/"]', 'main a[href$=".atom"]'):
        for path in ("/projects/GL2562-3/", "/agencies/demo-ministry/", "/calls/1/"):
            page.goto(path)
            assert page.locator(pressed).filter(visible=True).count() == 0
