"""A visitor without an account: from the home page to a sent voice, on a phone, by keyboard alone, without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_pages import sideways, troubles

Visit = Callable[..., Page]
MISSPELT = "มัคคุเทสก์"
"""As people type it; the project writes มัคคุเทศก์."""
CODE, CALL = "GL2562-1", "เวลาใช้บริการมัคคุเทศก์"
MOST_TAPS = 6
"""From the home page to the thanks, those into a field included."""


def write(field: Locator, text: str) -> None:
    """Types as a person does: for longer than the seconds in which nobody reads a form and answers it."""
    field.press_sequentially(text, delay=4000 / len(text))


def nowhere(page: Page, text: str) -> None:
    """What waits for moderation stands on no page that anybody may open."""
    for path in ("/", f"/projects/{CODE}/", "/calls/", "/calls/1/", "/news/", f"/search/?q={text.rpartition(' ')[2]}"):
        page.goto(path)
        expect(page.locator("main").get_by_text(text)).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_a_visitor_on_a_phone_from_home_to_a_sent_voice(visit: Visit, script: bool) -> None:
    page, taps = visit(width=390, height=844, script=script), []
    said = f"เปลี่ยนรายชื่อลูกทัวร์ไม่ได้ {'ต้องเขียนใหม่ทั้งใบ' if script else 'เจ้าหน้าที่ไม่รับ'}"

    def tap(place: Locator) -> None:
        taps.append(f"{place}")
        place.click()
        page.wait_for_load_state()
        assert sideways(page) <= 0

    page.goto("/")
    tap(page.locator("main input[name=q]"))
    page.locator("main input[name=q]").press_sequentially(MISSPELT)
    if script:
        tap(page.get_by_role("option").filter(has_text=CODE).first)
    else:
        page.keyboard.press("Enter")
        tap(page.locator(f"main a[href$='/projects/{CODE}/']").first)
    expect(page.locator("h1")).to_contain_text("มัคคุเทศก์")

    asked = page.locator(".panel.call")
    expect(asked).to_contain_text(CALL)
    tap(asked.locator("a.btn"))
    expect(page.locator("h1")).to_contain_text(CALL)
    tap(page.locator("textarea[name=text]"))
    write(page.locator("textarea[name=text]"), said)
    tap(page.locator("input[name=standpoint][value=user]"))
    tap(page.locator("form.answer button[type=submit]"))
    expect(page.locator("main [role=status] h1")).to_be_visible()

    assert len(taps) <= MOST_TAPS
    assert page.context.cookies() == []
    nowhere(page, said)


def test_by_keyboard_alone(visit: Visit) -> None:
    page = visit()
    page.goto("/en/")
    shown = "document.activeElement.matches(':focus-visible')"

    def go_to(place: str) -> None:
        """Tab until the focus is there; at each step it can be seen where it is."""
        page.keyboard.press("Tab")
        for _step in range(80):
            assert page.evaluate(shown)
            if page.evaluate("(place) => document.activeElement.matches(place)", place):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"no way to {place}")

    go_to("main input[name=q]")
    page.keyboard.type(MISSPELT)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    go_to(f"main a[href$='/projects/{CODE}/']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/projects/{CODE}/")
    go_to(".panel.call a.btn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/answer/")
    go_to("textarea[name=text]")
    page.keyboard.type("The order is on paper, and paper gets wet.", delay=90)
    go_to("input[name=standpoint]")
    page.keyboard.press("ArrowDown")
    go_to("form.answer button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/answer/?sent*")
    expect(page.locator("main [role=status] h1")).to_be_visible()


FORMS = ("/calls/1/answer/", f"/projects/{CODE}/rate/", "/innovations/propose/", f"/follow/?kind=project&target={CODE}")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_form_that_comes_back_says_what_is_wrong_to_everybody(visit: Visit, dark: bool) -> None:
    page, found = visit(width=390, dark=dark), {}
    for path in [address for form in FORMS for address in (form, f"/en{form}")]:
        page.goto(path)
        page.locator("main form button[type=submit]").last.click()
        expect(page.locator("main .errors")).to_be_visible()
        page.set_viewport_size({"width": 320, "height": 700})
        if trouble := [*troubles(page), *(["sideways"] if sideways(page) > 0 else [])]:
            found[path] = trouble
        page.set_viewport_size({"width": 390, "height": 844})
    assert found == {}


@pytest.mark.parametrize("path", ["/", "/projects/", "/calls/", "/about/"])
@pytest.mark.parametrize("language", ["", "/en"], ids=["th", "en"])
def test_on_a_phone_every_entry_of_the_header_is_seen_at_once(visit: Visit, path: str, language: str) -> None:
    page = visit(width=390)
    page.goto(f"{language}{path}")
    boxes = [entry.bounding_box() for entry in page.locator(".mast nav a, .mast .end a").all()]
    assert len(boxes) == 9
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    assert (page.locator(".mast").bounding_box() or {})["height"] <= 230


def test_a_look_is_told_when_the_page_is_left_once_and_not_while_it_is_read(visit: Visit) -> None:
    page = visit()
    page.add_init_script(
        """window.told = [];
        navigator.sendBeacon = (where) => told.push(new URL(where, location).pathname) > 0;"""
    )
    page.goto(f"/projects/{CODE}/", wait_until="networkidle")
    assert page.evaluate("told") == []
    page.evaluate(
        """() => {
            document.dispatchEvent(new Event("visibilitychange"));
            Object.defineProperty(document, "hidden", {value: true});
            for (let time = 0; time < 2; time++) document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    assert page.evaluate("told") == [f"/projects/{CODE}/seen/"]
