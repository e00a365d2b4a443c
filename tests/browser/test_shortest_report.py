"""Two minutes for a plain month: the clicks and keystrokes of the shortest honest report, counted and printed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

MOST_CLICKS = 10
WORDS = "ประชุมกับแรงงาน 2 ครั้ง ได้ต้นแบบที่ปรับแล้ว"


class Hand:
    """One finger and one keyboard, which count."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.keys = page, 0, 0

    def click(self, what: Locator) -> None:
        """One click."""
        what.click()
        self.clicks += 1

    def type(self, text: str) -> None:
        """Letter by letter, into what has the focus."""
        self.page.keyboard.type(text)
        self.keys += len(text)


DUE = pytest.param({"width": 1280}, "main .ledger a.btn[href*='/due/']", id="due, on a desk")
PLAIN = pytest.param(
    {"width": 390, "height": 800, "script": False}, "a[href$='/GL2561-1/updates/add/']", id="plain, on a phone"
)


@pytest.mark.parametrize(("window", "begins"), [DUE, PLAIN])
def test_the_shortest_honest_report_takes_at_most_ten_clicks(
    window: dict[str, int | bool],
    begins: str,
    visit: Callable[..., Page],
    sign_in_as: Callable[[Page, str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = visit(**window)
    sign_in_as(page, "reporter")
    hand = Hand(page)
    hand.click(page.locator(begins).first)
    if not page.locator("input[name=title]").input_value():  # a report that is due has its headline
        hand.click(page.locator("input[name=title]"))
        hand.type("ติดตามผลหลังจบโครงการ")
    for number in page.locator("#readings ~ * input[type=text]:visible").all()[:1]:
        hand.click(number)
        hand.type("46")
    hand.click(page.locator("textarea[name=text]"))
    hand.type(WORDS)
    hand.click(page.locator("button[value=submit]"))
    expect(page.locator(".notice")).to_contain_text("ส่งรายงานแล้ว")
    expect(page.locator("main .tag").first).to_contain_text("รอตรวจ")
    with capsys.disabled():
        print(f"\nthe shortest report at {window['width']} px: {hand.clicks} clicks, {hand.keys} keystrokes")
    assert hand.clicks <= MOST_CLICKS
