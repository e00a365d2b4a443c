"""What only a browser shows of autosave: a closed tab, a dead line, a session that ended, a second tab."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

PROJECT = "/workspace/projects/GL2561-1/"
SOON, LATER = 3_000, 5_000  # ms: the pause before something is kept, and before the first new try
KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('govlab-typed-')).length"


@pytest.fixture
def draft(visit: Callable[..., Page], sign_in_as: Callable[[Page, str], None]) -> Page:
    """A reporter's draft, opened for writing, with a clock that can be put forward."""
    page = visit()
    sign_in_as(page, "reporter")
    page.clock.install()
    page.goto(f"{PROJECT}updates/add/")
    page.locator("input[name=title]").fill("เรื่องที่ค้าง")
    page.locator("button[value=draft]").click()
    page.locator("main").get_by_role("link", name="แก้ไขฉบับร่าง").click()
    expect(text(page)).to_be_visible()
    return page


def text(page: Page) -> Any:
    return page.locator("textarea[name=text]")


def write(page: Page, words: str) -> None:
    text(page).fill(words)
    page.clock.fast_forward(SOON)


def state(page: Page, name: str) -> None:
    expect(page.locator("form .autosave")).to_have_attribute("data-state", name)


def says(page: Page) -> str:
    return page.locator(".autosave [role=status]").inner_text()


def another(page: Page) -> Page:
    """The same form on a new tab."""
    tab = page.context.new_page()
    tab.clock.install()
    tab.goto(page.url)
    return tab


def test_what_was_typed_is_there_again_after_the_tab_was_closed(draft: Page) -> None:
    asked: list[str] = []
    draft.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    text(draft).fill("บรรทัดแรก")
    state(draft, "unsaved")
    assert says(draft) == "ยังไม่ได้บันทึก"
    draft.clock.fast_forward(SOON)
    state(draft, "saved")
    assert says(draft).startswith("บันทึกเมื่อ ")
    draft.locator("input[name=release]").check()
    tab = another(draft)
    draft.close(run_before_unload=True)  # what was ticked last was not kept yet: it is while the tab closes
    expect(text(tab)).to_have_value("บรรทัดแรก")
    expect(tab.locator("#typed-before")).to_contain_text("ซึ่งยังไม่ได้บันทึก")
    tab.reload()
    expect(tab.locator("input[name=release]")).to_be_checked()
    assert asked == []

    # Saved, nothing of it is left; the next form is as it was saved.
    tab.locator("button[value=draft]").click()
    tab.locator("main").get_by_role("link", name="แก้ไขฉบับร่าง").click()
    expect(text(tab)).to_have_value("บรรทัดแรก")
    expect(tab.locator("#typed-before")).to_have_count(0)


def test_a_dead_line_loses_nothing(draft: Page) -> None:
    draft.context.set_offline(True)
    write(draft, "พิมพ์ตอนเน็ตหลุด")
    state(draft, "failed")
    assert says(draft).startswith("บันทึกไม่ได้ จะลองใหม่")
    assert draft.evaluate(KEPT) == 1
    draft.context.set_offline(False)
    draft.clock.fast_forward(LATER)
    state(draft, "saved")
    assert draft.evaluate(KEPT) == 0


def test_what_a_dead_line_kept_back_is_there_when_the_form_is_opened_again(draft: Page) -> None:
    draft.on("dialog", lambda dialog: dialog.accept())
    draft.context.set_offline(True)
    write(draft, "ปิดแท็บตอนเน็ตหลุด")
    state(draft, "failed")
    blank = draft.context.new_page()
    url = draft.url
    draft.close(run_before_unload=True)
    draft.context.set_offline(False)
    blank.goto(url)
    expect(text(blank)).to_have_value("ปิดแท็บตอนเน็ตหลุด")
    expect(blank.locator("#typed-before")).to_be_visible()
    assert blank.evaluate(KEPT) == 0


def test_a_session_that_ends_while_typing_goes_on_after_a_sign_in(
    draft: Page, sign_in_as: Callable[[Page, str], None]
) -> None:
    draft.context.clear_cookies(name="session")
    write(draft, "พิมพ์ตอนออกจากระบบ")
    state(draft, "signed_out")
    assert says(draft).startswith("ท่านออกจากระบบแล้ว")
    with draft.context.expect_page() as opened:
        draft.locator(".autosave a[target=_blank]").click()
    tab = opened.value
    tab.wait_for_url("**/accounts/login/")
    sign_in_as(tab, "reporter")
    draft.clock.fast_forward(LATER)
    state(draft, "saved")
    draft.locator("button[value=draft]").click()
    draft.wait_for_url("**/workspace/updates/*/")
    expect(draft.locator("main")).to_contain_text("พิมพ์ตอนออกจากระบบ")
    assert draft.evaluate(KEPT) == 0


def test_what_one_typed_does_not_go_to_another_who_signs_in(
    draft: Page, sign_in_as: Callable[[Page, str], None]
) -> None:
    draft.context.clear_cookies(name="session")
    write(draft, "ของคนแรก")
    state(draft, "signed_out")
    tab = draft.context.new_page()
    sign_in_as(tab, "lead")
    draft.clock.fast_forward(LATER)
    expect(draft.locator(".autosave [role=status]")).to_contain_text("มีผู้อื่นเข้าสู่ระบบ")
    tab.goto(draft.url)
    expect(text(tab)).not_to_have_value("ของคนแรก")
    expect(tab.locator("#typed-before")).to_have_count(0)


def test_of_two_tabs_the_second_is_told_and_chooses(draft: Page) -> None:
    tab = another(draft)
    write(draft, "แท็บแรก")
    state(draft, "saved")
    write(tab, "แท็บที่สอง")
    state(tab, "elsewhere")
    assert says(tab).startswith("แบบฟอร์มนี้เปิดอยู่ในอีกแท็บ")
    tab.locator(".autosave [data-mine]").click()
    state(tab, "saved")
    write(draft, "แท็บแรก อีกครั้ง")
    state(draft, "elsewhere")
    draft.locator(".autosave [data-latest]").click()
    expect(text(draft)).to_have_value("แท็บที่สอง")


def test_one_request_at_a_time_and_the_next_brings_the_newest(draft: Page) -> None:
    sent: list[Route] = []

    def slow(route: Route) -> None:
        """Nothing comes back from the first until the test lets it."""
        if route.request.method == "POST":
            sent.append(route)
        if len(sent) != 1:
            route.continue_()

    draft.route("**/edit/", slow)
    for number in range(4):
        write(draft, f"ครั้งที่ {number}")
    state(draft, "saving")
    assert len(sent) == 1
    sent[0].continue_()
    state(draft, "saved")
    bodies = [route.request.post_data or "" for route in sent]
    assert ["ครั้งที่ 0" in bodies[0], "ครั้งที่ 3" in bodies[1], len(bodies)] == [True, True, 2]


def test_who_keeps_typing_is_kept_every_ten_seconds(draft: Page) -> None:
    sent: list[str] = []
    draft.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    for number in range(5):  # never three seconds of rest
        text(draft).fill(f"ไม่หยุดพิมพ์ {number}")
        draft.clock.run_for(2_000)
    state(draft, "saved")
    assert len(sent) == 1


def test_who_signs_out_leaves_nothing_in_the_browser(draft: Page, sign_in_as: Callable[[Page, str], None]) -> None:
    url = draft.url
    text(draft).fill("พิมพ์แล้วออก")
    draft.locator("form[data-signs-out] button").click()
    draft.wait_for_url("/")
    assert draft.evaluate(KEPT) == 0
    sign_in_as(draft, "reporter")
    draft.goto(url)
    expect(text(draft)).to_have_value("พิมพ์แล้วออก")


def test_leaving_asks_while_nothing_can_be_kept(draft: Page) -> None:
    asked: list[str] = []
    draft.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    draft.route("**/edit/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    write(draft, "ยังไม่มีที่ใดเก็บ")
    state(draft, "failed")
    draft.goto("/workspace/")
    assert asked == ["beforeunload"]
