"""What only a browser can show of the look: hatching in both themes, choices that hold, typing that is not lost."""

import statistics
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from tests.govlab.test_look import CSS, STAGES, draw

SCRIPT = (Path(settings.BASE_DIR) / "static" / "js" / "portal.js").read_text()

BROWSER_PAGE = """<!doctype html><html lang="th"><meta charset="utf-8"><title>ลอง</title>
<link rel="stylesheet" href="/portal.css"><script src="/portal.js"></script>
{% include "parts/_hatches.html" %}<main class="page">{% track stages %}
<form method="post" action="/sent" data-keep class="stack"><div class="field"><label for="a">ก</label>
<input id="a" name="a"></div><button class="btn">ส่ง</button></form></main>
<footer class="foot">{% include "parts/_display.html" %}</footer></html>"""
STRICT = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'"


@pytest.fixture
def open_page(browser):
    """Open the page of parts, under the strict policy, in a context with the given wishes."""
    contexts = []

    def answer(route):
        path = route.request.url.removeprefix("http://portal.test/")
        html = draw(BROWSER_PAGE, stages=STAGES)
        body, kind = {"portal.css": (CSS, "text/css"), "portal.js": (SCRIPT, "text/javascript")}.get(
            path, (html, "text/html")
        )
        if path != "sent":  # /sent never answers: a slow line
            route.fulfill(
                body=body, headers={"Content-Type": f"{kind}; charset=utf-8", "Content-Security-Policy": STRICT}
            )

    def opened(**wishes):
        context = browser.new_context(viewport={"width": 1000, "height": 600}, **wishes)
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", answer)
        page.goto("http://portal.test/")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_hatching_is_seen_in_both_themes(open_page, theme):
    page = open_page(color_scheme=theme)
    stripes = []
    for at in (0, 1, 2):  # filled, hatched, outline
        picture = Image.open(BytesIO(page.locator(".track svg").nth(at).screenshot())).convert("L")
        width, height = picture.size
        middle = [picture.getpixel((x, height // 2)) for x in range(width // 3, 2 * width // 3)]
        stripes.append(statistics.pstdev(middle))
    filled, hatched, outline = stripes
    assert filled < 1 and outline < 1 and hatched > 20


def test_a_chosen_theme_holds_on_the_next_page_before_it_is_painted(open_page):
    page = open_page(color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.locator("summary").click()
    page.locator("[data-display=theme][value=dark]").check()
    page.locator("[data-display=size][value=largest]").check()
    dark = page.evaluate(ground)
    page.reload()
    assert page.evaluate(ground) == dark != light
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "23px"
    page.locator("summary").click()
    assert page.locator("[data-display=theme][value=dark]").is_checked()
    page.locator("[data-display=theme][value='']").check()
    assert page.evaluate(ground) == light


def test_without_script_the_choices_of_display_are_not_offered(open_page):
    assert open_page(java_script_enabled=False).locator("details.display").is_visible() is False


def test_a_second_press_while_sending_is_not_a_second_sending(open_page):
    page = open_page()
    stopped = page.evaluate(
        """() => {
            const stopped = [];
            addEventListener("submit", (event) => stopped.push(event.defaultPrevented));
            const button = document.querySelector("button");
            for (let press = 0; press < 2; press++) button.click();
            return [...stopped, button.getAttribute("aria-disabled")];
        }"""
    )
    assert stopped == [False, True, "true"]


@pytest.mark.parametrize(("typing", "warnings"), [("", 0), ("ก", 1)], ids=["nothing typed", "typed"])
def test_leaving_asks_only_when_something_was_typed(open_page, typing, warnings):
    page = open_page()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#a").press_sequentially(typing)
    page.goto("http://portal.test/elsewhere")
    assert asked == ["beforeunload"] * warnings
