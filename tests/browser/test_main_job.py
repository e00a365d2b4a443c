"""The main job, clicked through as people do it: report, return, correct, approve, and the public reads it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

WAYS = [
    pytest.param("GL2562-1", {"width": 1280}, id="on a desk"),
    pytest.param("GL2561-2", {"width": 390, "height": 800}, id="on a phone"),
    pytest.param("GL2562-4", {"width": 390, "height": 800, "script": False, "dark": True}, id="without JavaScript"),
]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "ภาพการทดสอบ.png"
    Image.new("RGB", (64, 36), "#4453c4").save(path)
    return path


@pytest.mark.parametrize(("code", "window"), WAYS)
def test_a_report_goes_from_the_agency_to_the_public(
    code: str,
    window: dict[str, int | bool],
    visit: Callable[..., Page],
    sign_in_as: Callable[[Page, str], None],
    picture: Path,
) -> None:
    headline = f"ทดสอบต้นแบบรอบที่สอง {code}"

    # The reporter writes, with a date that does not exist; everything typed stays, the file too.
    agency = visit(**window)
    sign_in_as(agency, "reporter")
    agency.locator(f"a[href='/workspace/projects/{code}/updates/add/']").first.click()
    agency.locator("input[name=stage_number][value='3']").check()
    agency.locator("input[name=stage_state][value='done']").check()
    agency.locator("input[name=happened_on]").fill("31/2/2562")
    agency.locator("input[name=title]").fill(headline)
    agency.locator("textarea[name=text]").fill("ผู้ใช้ 12 คนลองใช้จุดบริการแบบใหม่")
    agency.locator("textarea[name=obstacles]").fill("ขอล่ามเพิ่ม")
    agency.locator("input[name=attach][type=file]").set_input_files(picture)
    agency.locator("input[name=release]").check()
    agency.locator("button[value=submit]").click()
    expect(agency.locator(".field.wrong")).to_contain_text("กุมภาพันธ์ 2562 มี 28 วัน")
    expect(agency.locator("input[name=title]")).to_have_value(headline)
    expect(agency.locator("main")).to_contain_text(picture.name)
    agency.locator("input[name=happened_on]").fill("๒๘ ก.พ. ๒๕๖๓")
    agency.locator("button[value=draft]").click()

    # Kept as a draft; found again in the work list, and sent.
    expect(agency.locator("h1")).to_contain_text(headline)
    expect(agency.locator("main")).to_contain_text("28 กุมภาพันธ์ 2563")
    agency.goto("/workspace/")
    agency.get_by_role("link", name=headline, exact=True).first.click()
    agency.locator("main").get_by_role("link", name="แก้ไขฉบับร่าง").click()
    agency.locator("button[value=submit]").click()
    expect(agency.locator(".notice")).to_contain_text("ส่งรายงานแล้ว")

    # Staff find it waiting and return it with a reason.
    desk = visit(**window)
    sign_in_as(desk, "desk")
    desk.get_by_role("link", name=headline, exact=True).first.click()
    expect(desk.locator("main")).to_contain_text("ขอล่ามเพิ่ม")
    desk.locator("a[href$='/return/']").click()
    desk.locator("textarea[name=reason]").fill("ขอจำนวนผู้ใช้แต่ละกลุ่ม")
    desk.locator("main form button").last.click()
    expect(desk.locator(".notice")).to_be_visible()

    # The reporter sees why, corrects and sends again.
    agency.goto("/workspace/")
    expect(agency.locator("main")).to_contain_text("ขอจำนวนผู้ใช้แต่ละกลุ่ม")
    agency.locator("li", has_text=headline).get_by_role("link", name="แก้ไขรายงาน").click()
    agency.locator("textarea[name=text]").fill("ผู้ใช้ 12 คน แรงงาน 8 คน นายจ้าง 4 คน ลองใช้จุดบริการแบบใหม่")
    agency.locator("button[value=submit]").click()
    expect(agency.locator(".notice")).to_contain_text("ส่งรายงานแล้ว")

    # Staff see what changed and approve.
    desk.goto("/desk/")
    desk.get_by_role("link", name=headline, exact=True).first.click()
    expect(desk.locator("main")).to_contain_text("แรงงาน 8 คน")
    desk.locator("form[action$='/approve/'] button").click()
    expect(desk.locator(".notice")).to_be_visible()

    # The public reads it, in both languages, and the stage has moved; the obstacles stay inside.
    visitor = visit(**window)
    visitor.goto(f"/projects/{code}/")
    expect(visitor.locator("main")).to_contain_text(headline)
    expect(visitor.locator("main")).not_to_contain_text("ขอล่ามเพิ่ม")
    expect(visitor.locator(".track li").nth(2)).to_contain_text("28 ก.พ. 2563")
    expect(visitor.locator(".track .s3")).to_have_class("s3 done")
    with visitor.expect_download() as download:
        visitor.get_by_role("link", name=picture.name).first.click()
    assert download.value.suggested_filename == picture.name
    assert Path(download.value.path()).read_bytes() == picture.read_bytes()
    visitor.goto(f"/en/projects/{code}/")
    expect(visitor.locator(".track li").nth(2)).to_contain_text("28 Feb 2020")
    assert visitor.context.cookies() == []


def test_the_main_job_begins_with_the_keyboard_alone(visit: Callable[..., Page], portal) -> None:
    page = visit()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_class("skip")
    page.keyboard.press("Enter")
    page.goto("/accounts/login/")
    page.locator("input[name=login]").focus()
    page.keyboard.type("reporter@govlab.test")
    page.keyboard.press("Tab")
    page.keyboard.type(portal.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/workspace/")
    page.goto("/workspace/projects/GL2562-3/updates/add/")
    page.locator("input[name=stage_number]").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[name=stage_number][value='2']")).to_be_checked()


def test_a_double_click_sends_one_report(visit: Callable[..., Page], sign_in_as: Callable[[Page, str], None]) -> None:
    page = visit(script=False)
    sign_in_as(page, "reporter")
    page.goto("/workspace/projects/GL2561-1/updates/add/")
    page.locator("input[name=title]").fill("กดสองครั้ง")
    page.locator("button[value=draft]").dblclick()
    page.wait_for_url("**/workspace/updates/*/")
    page.goto("/workspace/projects/GL2561-1/")
    expect(page.get_by_role("link", name="กดสองครั้ง", exact=True)).to_have_count(1)


def test_a_session_that_ended_while_typing_loses_nothing(
    visit: Callable[..., Page], sign_in_as: Callable[[Page, str], None]
) -> None:
    page = visit()
    sign_in_as(page, "reporter")
    page.goto("/workspace/projects/GL2562-3/updates/add/")
    page.locator("input[name=title]").fill("พิมพ์ค้างไว้")
    page.context.clear_cookies(name="session")
    page.locator("button[value=draft]").click()
    with page.context.expect_page() as opened:
        page.locator("main a[target=_blank]").click()
    tab = opened.value
    tab.wait_for_load_state()
    sign_in_as(tab, "reporter")
    page.locator("main form button").last.click()
    page.wait_for_load_state()
    if page.locator("main form input[type=hidden][name=title]").count():  # the token is older than the sign-in
        page.locator("main form button").last.click()
    page.wait_for_url("**/workspace/updates/*/")
    expect(page.locator("h1")).to_contain_text("พิมพ์ค้างไว้")
