"""Searching from the box that stands on every page: by keyboard as one types, and without a script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
BOX = "input[data-suggest]"


@pytest.mark.parametrize(("path", "width"), [("/projects/", 1280), ("/", 390), ("/en/projects/", 320)])
def test_what_is_found_is_offered_as_one_types(visit: Visit, path: str, width: int) -> None:
    page = visit(width=width)
    page.goto(path)
    box = page.locator(BOX)
    box.press_sequentially("แรงงาน")
    offered = page.get_by_role("listbox")
    expect(offered).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".find [role=status]")).to_have_text(re.compile(r"\d"))
    options = offered.get_by_role("option")
    first, last = options.first, options.last

    box.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == first.get_attribute("id")
    box.press("ArrowUp")  # into the box again
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowUp")
    expect(last).to_have_attribute("aria-selected", "true")
    frame = offered.bounding_box()
    assert frame and frame["x"] >= 0 and frame["x"] + frame["width"] <= width

    box.press("Escape")
    expect(offered).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("แรงงาน")
    expect(box).to_be_focused()

    box.press("ArrowDown")
    box.press("ArrowDown")
    chosen = offered.locator("[aria-selected=true]").get_attribute("href") or ""
    box.press("Enter")
    page.wait_for_url(f"**{chosen}")
    assert page.context.cookies() == []


def test_enter_without_a_choice_searches_for_the_words(visit: Visit) -> None:
    page = visit()
    page.goto("/meetings/")
    box = page.locator(BOX)
    box.press_sequentially("มัคคุเทศก์")
    box.press("Enter")
    page.wait_for_url("**/search/?q=*")
    expect(page.locator("main mark").first).to_have_text("มัคคุเทศก์")


def test_leaving_the_box_or_emptying_it_takes_the_offer_away(visit: Visit) -> None:
    page = visit()
    page.goto("/projects/")
    box, offered = page.locator(BOX), page.get_by_role("listbox")
    box.press_sequentially("แรงงาน")
    expect(offered).to_be_visible()
    box.press("Tab")
    expect(offered).to_be_hidden()
    box.focus()
    expect(offered).to_be_visible()
    box.fill("")
    expect(offered).to_be_hidden()


def test_a_click_leads_to_what_is_offered(visit: Visit) -> None:
    page = visit(width=390)
    page.goto("/")
    page.locator(BOX).press_sequentially("มัคคุเทศก์")
    option = page.get_by_role("option").first
    chosen = option.get_attribute("href") or ""
    option.click()
    page.wait_for_url(f"**{chosen}")


def test_without_a_script_the_form_is_sent(visit: Visit) -> None:
    page = visit(width=320, script=False)
    page.goto("/projects/")
    page.locator(".mast input[name=q]").fill("แรงงาน")
    page.locator(".mast .find button").click()
    page.wait_for_url("**/search/?q=*")
    expect(page.locator("main mark").first).to_be_visible()


def test_facets_are_chosen_and_taken_back_without_a_script(visit: Visit) -> None:
    page = visit(width=390, script=False)
    page.goto("/projects/")
    page.locator(".filter > summary").click()
    page.locator("input[name=cohort][value='2562']").check()
    page.locator(".facets button").first.click()
    page.wait_for_url("**cohort=2562*")
    expect(page.locator(".ledger > li")).to_have_count(5)
    page.locator(".chosen .tag").click()
    expect(page.locator(".ledger > li")).to_have_count(20)  # the first page


def test_a_cell_of_the_map_leads_to_its_projects(visit: Visit) -> None:
    page = visit(width=390)
    page.goto("/projects/map/?rows=cohort&columns=stage")
    cell = page.locator(".map tbody td:not(.sum) a").first
    count = int(cell.locator("strong").inner_text())
    cell.click()
    expect(page.locator(".ledger > li")).to_have_count(count)
