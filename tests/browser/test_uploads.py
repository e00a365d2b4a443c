"""Files go ahead while the report is being written: a row each, the refused one told, the others sent with it."""

from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.govlab.corpus import HTML, JPG, pdf


def test_several_files_are_sent_ahead_and_the_refused_one_is_told(
    visit: Callable[..., Page], sign_in_as: Callable[[Page, str], None], tmp_path: Path
) -> None:
    for name, content in {"แบบสัมภาษณ์ น้ำฝน.pdf": pdf(), "ภาพ.jpg": JPG, "ปลอม.jpg": HTML}.items():
        (tmp_path / name).write_bytes(content)
    page = visit(width=390, height=800)
    sign_in_as(page, "reporter")
    page.goto("/workspace/projects/GL2562-3/updates/add/")
    page.locator("input[name=title]").fill("แนบหลายไฟล์")

    # Held back on their way, so that the rows and the waiting can be looked at.
    held: list[Route] = []
    closed = [True]
    page.route("**/workspace/uploads/", lambda route: held.append(route) if closed[0] else route.continue_())
    page.locator("input[type=file]").set_input_files(sorted(tmp_path.iterdir()))
    rows = page.locator("li.upload")
    expect(rows).to_have_count(3)
    expect(page.get_by_role("progressbar", name="ภาพ.jpg")).to_be_visible()
    assert page.locator("input[type=file]").input_value() == ""
    expect(page.locator("li.upload.sending")).to_have_count(2)  # two at a time
    page.locator("button[value=draft]").click()
    expect(page.get_by_role("status").filter(has_text="กำลังส่งไฟล์อยู่")).to_be_visible()
    assert page.url.endswith("/updates/add/")
    closed[0] = False
    for route in held:
        route.continue_()

    # All answered: one is refused, so the form waits for a decision, made with the keyboard alone.
    expect(page.locator("li.upload.done")).to_have_count(2)
    refused = page.locator("li.upload.failed")
    expect(refused).to_contain_text("ปลอม.jpg")
    expect(page.get_by_role("button", name="นำออก ปลอม.jpg")).to_be_focused()
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.response["violations"] == [], found.generate_report()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    page.locator("button[value=draft]").click()

    page.wait_for_url("**/workspace/updates/*/")
    for name in ("แบบสัมภาษณ์ น้ำฝน.pdf", "ภาพ.jpg"):
        expect(page.get_by_role("link", name=name, exact=True)).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="แบบสัมภาษณ์ น้ำฝน.pdf").click()
    assert download.value.suggested_filename == "แบบสัมภาษณ์ น้ำฝน.pdf"
