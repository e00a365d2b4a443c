"""The agenda is arranged: by keyboard alone, by dragging with the mouse, and without JavaScript by buttons."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

Visit = Callable[..., Page]
SignIn = Callable[[Page, str], None]
NUMBERS = iter(range(1, 100))
# No letter that still comes moves the rows, and what is drawn is what the pointer meets.
STANDS_STILL = """async () => {
  await document.fonts.ready;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


@pytest.fixture
def begin(visit: Visit, sign_in_as: SignIn) -> Callable[..., Page]:
    """A new meeting of the desk with the items ก, ข, ค, ง at the top, in the agenda editor."""

    def do(**window: Any) -> Page:
        page = visit(**window)
        sign_in_as(page, "desk")
        key = f"arranged-{next(NUMBERS)}"
        page.goto("/desk/meetings/add/")
        page.locator("select[name=kind]").select_option("workshop")
        page.locator("input[name=key]").fill(key)
        page.locator("input[name=title_th]").fill("การจัดวาระ")
        page.locator("input[name=starts_on]").fill("1/12/2570")
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(f"**/desk/meetings/{key}/")
        page.goto(f"/desk/meetings/{key}/agenda/")
        for title in "กขคง":
            page.locator("#id_title_th").fill(title)
            page.locator(".quick button").click()
            expect(page.locator(".arrange-row strong").last).to_contain_text(title)
        page.wait_for_load_state("load")  # the script listens
        if window.get("script", True):  # without it a promise is never kept, and the call never returns
            page.evaluate(STANDS_STILL)
        return page

    return do


def stands(page: Page) -> list[str]:
    """The rows as they stand: number and title, in order."""
    return [" ".join(text.split()) for text in page.locator(".arrange-row strong").all_inner_texts()]


def saved(page: Page) -> list[str]:
    """The same as the server has it."""
    page.reload()
    return stands(page)


def row(page: Page, title: str) -> Any:
    return page.locator(".arrange-row").filter(has=page.locator("strong", has_text=re.compile(rf"\s{title}$")))


def handle(page: Page, title: str) -> Any:
    return row(page, title).locator(".handle")


def said(page: Page) -> Any:
    return page.locator("#agenda-said")


def test_by_keyboard_alone(begin: Callable[..., Page]) -> None:
    page = begin()
    press = page.keyboard.press
    # Reached with Tab, as the first thing of its row.
    handle(page, "ข").focus()
    press("Shift+Tab")
    press("Tab")
    expect(handle(page, "ข")).to_be_focused()
    expect(handle(page, "ข")).to_have_accessible_name("ย้าย 2 ข")

    # Lifted, moved down among its neighbours, put back.
    press("Space")
    expect(handle(page, "ข")).to_have_attribute("aria-pressed", "true")
    expect(said(page)).to_contain_text("ยก “2 ข” แล้ว")
    press("ArrowDown")
    expect(said(page)).to_have_text("“2 ข” อยู่ลำดับที่ 3 จาก 4 ในระดับบนสุด")
    press("Escape")
    expect(said(page)).to_have_text("คืน “2 ข” ไว้ที่เดิมแล้ว")
    expect(handle(page, "ข")).to_be_focused()
    assert stands(page) == ["1 ก", "2 ข", "3 ค", "4 ง"]

    # Lifted, put under the one before it, dropped; the focus stays on the row that comes back.
    press("Enter")
    press("ArrowRight")
    expect(said(page)).to_have_text("“2 ข” อยู่ลำดับที่ 1 จาก 1 ภายใต้ “1 ก”")
    press("Space")
    expect(said(page)).to_have_text("ย้ายแล้ว ขณะนี้เป็น “1.1 ข”")
    expect(handle(page, "ข")).to_be_focused()
    assert stands(page) == ["1 ก", "1.1 ข", "2 ค", "3 ง"]

    # Out again and to the top in one go; at the end of the way it says so.
    press("Space")
    press("ArrowLeft")
    press("ArrowUp")
    press("ArrowUp")
    expect(said(page)).to_have_text("“1.1 ข” ย้ายไปทางนั้นไม่ได้อีกแล้ว")
    press("Space")
    expect(said(page)).to_have_text("ย้ายแล้ว ขณะนี้เป็น “1 ข”")
    assert stands(page) == ["1 ข", "2 ก", "3 ค", "4 ง"]

    # With Alt it goes at once.
    press("Alt+ArrowDown")
    expect(said(page)).to_have_text("ย้ายแล้ว ขณะนี้เป็น “2 ข”")
    press("Alt+ArrowRight")
    expect(said(page)).to_have_text("ย้ายแล้ว ขณะนี้เป็น “1.1 ข”")
    expect(handle(page, "ข")).to_be_focused()
    press("Alt+ArrowRight")
    expect(said(page)).to_contain_text("ย้ายไปทางนั้นไม่ได้อีกแล้ว")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.response["violations"] == [], found.generate_report()
    assert saved(page) == ["1 ก", "1.1 ข", "2 ค", "3 ง"]


def test_who_tabs_away_from_a_lifted_item_puts_it_back(begin: Callable[..., Page]) -> None:
    page = begin()
    handle(page, "ค").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    expect(said(page)).to_have_text("คืน “3 ค” ไว้ที่เดิมแล้ว")
    assert stands(page) == saved(page) == ["1 ก", "2 ข", "3 ค", "4 ง"]


def centre(place: Any, part: float = 0.5) -> tuple[float, float]:
    box = place.bounding_box()
    return box["x"] + min(box["width"] / 2, 200), box["y"] + box["height"] * part


def drag(page: Page, title: str, target: str, part: float) -> None:
    """Takes the row by its handle to that part of the height of another row, without letting go."""
    page.mouse.move(*centre(handle(page, title)))
    page.mouse.down()
    page.mouse.move(*centre(row(page, target), part), steps=8)


def test_by_drag_with_the_mouse(begin: Callable[..., Page]) -> None:
    page = begin(width=1280, height=1400)  # every row in sight: else the page scrolls meanwhile
    drag(page, "ง", "ข", 0.1)
    expect(page.locator(".drop-before")).to_have_count(1)
    page.mouse.up()
    expect(said(page)).to_have_text("ย้ายแล้ว ขณะนี้เป็น “2 ง”")
    assert stands(page) == ["1 ก", "2 ง", "3 ข", "4 ค"]
    expect(handle(page, "ง")).to_be_focused()

    drag(page, "ข", "ก", 0.5)
    expect(page.locator(".drop-under")).to_have_count(1)
    page.mouse.up()
    expect(said(page)).to_have_text("ย้ายแล้ว ขณะนี้เป็น “1.1 ข”")
    drag(page, "ก", "ค", 0.9)
    expect(page.locator(".drop-after")).to_have_count(1)
    page.mouse.up()
    expect(said(page)).to_have_text("ย้ายแล้ว ขณะนี้เป็น “3 ก”")
    assert stands(page) == ["1 ง", "2 ค", "3 ก", "3.1 ข"]

    # Escape in the middle, or dropped where it was: nothing is sent.
    drag(page, "ง", "ก", 0.5)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(said(page)).to_have_text("คืน “1 ง” ไว้ที่เดิมแล้ว")
    assert stands(page) == saved(page) == ["1 ง", "2 ค", "3 ก", "3.1 ข"]


def test_a_refusal_is_a_sentence_and_the_tree_is_put_back(begin: Callable[..., Page]) -> None:
    page = begin(width=1280, height=1400)
    other = page.context.new_page()
    other.goto(page.url)
    handle(other, "ก").focus()
    other.keyboard.press("Alt+ArrowDown")
    expect(said(other)).to_contain_text("ย้ายแล้ว")
    drag(page, "ง", "ก", 0.1)
    page.mouse.up()
    expect(said(page)).to_contain_text("มีผู้เปลี่ยนระเบียบวาระหลังจากท่านเปิดหน้านี้")
    assert stands(page) == ["1 ข", "2 ก", "3 ค", "4 ง"]
    page.keyboard.press("Alt+ArrowUp")  # now it goes
    expect(said(page)).to_have_text("ย้ายแล้ว ขณะนี้เป็น “3 ง”")


def test_a_dead_line_puts_it_back_and_says_so(begin: Callable[..., Page]) -> None:
    page = begin()
    cut: list[Route] = []
    page.route("**/move/", lambda route: (cut.append(route), route.abort()))
    handle(page, "ค").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    expect(said(page)).to_contain_text("ย้ายไม่ได้ในขณะนี้")
    assert (len(cut), stands(page)) == (1, ["1 ก", "2 ข", "3 ค", "4 ง"])


def test_a_finger_drags_too(begin: Callable[..., Page]) -> None:
    page = begin(width=390, height=1700)  # all of it in sight
    start, end = centre(handle(page, "ง")), centre(row(page, "ก"), 0.1)
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    send("touchStart", start)
    for step in range(1, 9):
        send("touchMove", tuple(a + (b - a) * step / 8 for a, b in zip(start, end, strict=True)))  # type: ignore[arg-type]
    expect(page.locator(".drop-before")).to_have_count(1)
    send("touchEnd")
    expect(said(page)).to_have_text("ย้ายแล้ว ขณะนี้เป็น “1 ง”")
    assert saved(page) == ["1 ง", "2 ก", "3 ข", "4 ค"]


def test_without_javascript_by_buttons(begin: Callable[..., Page]) -> None:
    page = begin(script=False)
    expect(page.locator(".handle").first).to_be_hidden()
    for title, button, after in (
        ("ข", "เลื่อนลง", ["1 ก", "2 ค", "3 ข", "4 ง"]),
        ("ข", "ย้ายเข้าไปใต้ข้อก่อนหน้า:", ["1 ก", "2 ค", "2.1 ข", "3 ง"]),
        ("ข", "ย้ายออกมาหนึ่งระดับ:", ["1 ก", "2 ค", "3 ข", "4 ง"]),
        ("ง", "เลื่อนขึ้น", ["1 ก", "2 ค", "3 ง", "4 ข"]),
    ):
        row(page, title).get_by_role("button", name=button).click()
        page.wait_for_url(re.compile(r"/agenda/#agenda-\d+$"))
        assert stands(page) == after
        assert page.url.endswith(f"#{row(page, title).get_attribute('id')}")
        expect(row(page, title)).to_be_focused()
    expect(row(page, "ก").get_by_role("button")).to_have_count(1)
