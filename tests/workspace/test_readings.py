"""The boxes for the readings of a report: a number or why there is none, and "is this right?" once it is sent."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from agencies.models import User
from projects.models import Indicator, ProgressUpdate, Project, Reading
from projects.rules.readings import Measure
from tests.factories import make_indicator, make_update
from tests.workspace.test_updates import add_url, errors, text_of, typed, url


@pytest.fixture
def indicator(staff: User, reporter: User, project: Project) -> Indicator:
    """Schools that joined; 4 of them were approved in January 2019."""
    indicator = make_indicator(staff, project)
    day = dt.date(2019, 1, 15)
    make_update(reporter, project, "approved", staff, happened_on=day, readings={indicator: Measure(Decimal(4))})
    return indicator


def read(indicator: Indicator, number: str = "", **more: str) -> dict[str, str]:
    """What the boxes of an indicator send; more: why, sure."""
    name = f"reading_{indicator.pk}"
    return {name: number, **{f"{name}_{key}": value for key, value in more.items()}}


def tick(response: Any, indicator: Indicator) -> str | None:
    """The tick beside the number: "checked" or ""; None where there is none."""
    _before, found, after = text_of(response).partition(f'name="reading_{indicator.pk}_sure"')
    return ("checked" if "checked" in after.partition(">")[0] else "") if found else None


def newest() -> ProgressUpdate:
    return ProgressUpdate.objects.latest("created_at")


def test_the_last_number_and_its_day_stand_beside_the_box(sign_in, reporter: User, project, indicator) -> None:
    page = sign_in(reporter).get(add_url(project))
    (row,) = page.context["form"].readings()
    assert (row["before"], row["last"].update.happened_on, row["target"]) == ("4", dt.date(2019, 1, 15), "12")
    assert "15 ม.ค. 2562" in text_of(page)
    assert tick(page, indicator) is None


def test_a_reason_is_kept_and_comes_back(sign_in, reporter: User, project: Project, indicator: Indicator) -> None:
    client = sign_in(reporter)
    client.post(add_url(project), typed(**read(indicator, why=" โรงเรียนปิดเทอม ")))
    update = newest()
    reading = Reading.objects.get(update=update)
    assert (reading.value, reading.unavailable) == (None, "โรงเรียนปิดเทอม")
    assert 'value="โรงเรียนปิดเทอม"' in text_of(client.get(url("edit", update)))
    assert "ไม่มีข้อมูล: โรงเรียนปิดเทอม" in text_of(client.get(url("detail", update)))
    client.post(url("edit", update), typed(version=update.version, **read(indicator, "5", why="")))
    reading.refresh_from_db()
    assert (reading.value, reading.unavailable) == (5, "")


@pytest.mark.parametrize("boxes", [("5", "โรงเรียนปิดเทอม"), ("", "-"), ("", "ก" * 301), ("ไม่มี", "")])
def test_a_wrong_answer_is_a_sentence_at_its_box(sign_in, reporter, project, indicator, boxes) -> None:
    number, why = boxes
    response = sign_in(reporter).post(add_url(project), typed(**read(indicator, number, why=why)))
    assert (response.status_code, list(errors(response))) == (400, [f"reading_{indicator.pk}"])
    assert [f'value="{word}"' in text_of(response) for word in boxes if word] == [True] * len([*filter(None, boxes)])
    assert ProgressUpdate.objects.count() == 1


def test_a_draft_is_not_asked(sign_in, reporter: User, project: Project, indicator: Indicator) -> None:
    client = sign_in(reporter)
    assert client.post(add_url(project), typed(**read(indicator, "44"))).status_code == 302
    assert tick(client.get(url("edit", newest())), indicator) is None


def test_an_unusual_number_is_asked_about_and_yes_is_taken(sign_in, reporter: User, project, indicator) -> None:
    client, name = sign_in(reporter), f"reading_{indicator.pk}"
    asked = client.post("/en" + add_url(project), typed("submit", **read(indicator, "44")))
    assert errors(asked) == {name: ["44 แห่ง is ten times the last value or more (4 แห่ง). Is this number right?"]}
    assert (asked.status_code, tick(asked, indicator), ProgressUpdate.objects.count()) == (400, "", 1)
    other = client.post(add_url(project), typed("submit", **read(indicator, "45", sure="44")))
    assert (other.status_code, tick(other, indicator)) == (400, "")  # yes was said to another number
    gap = client.post(add_url(project), typed("submit", title="", **read(indicator, "44", sure="44")))
    assert (list(errors(gap)), tick(gap, indicator)) == (["title"], "checked")  # it stays
    assert client.post(add_url(project), typed("submit", **read(indicator, "44", sure="44"))).status_code == 302
    assert (newest().state, Reading.objects.get(update=newest()).confirmed) == ("submitted", True)


def test_a_number_that_was_confirmed_stays_ticked(sign_in, reporter: User, project, indicator) -> None:
    client = sign_in(reporter)
    client.post(add_url(project), typed(**read(indicator, "44", sure="44")))
    assert tick(client.get(url("edit", newest())), indicator) == "checked"


def test_the_button_on_the_page_of_the_report_leads_to_the_question(sign_in, reporter, project, indicator) -> None:
    update = make_update(reporter, project, readings={indicator: Measure(Decimal(3))})
    client = sign_in(reporter)
    page = client.post(reverse("workspace:update-submit", args=[update.pk]), {"version": update.version}, follow=True)
    assert page.redirect_chain == [(url("edit", update) + "?sure=ask", 302)]
    assert (tick(page, indicator), "ตัวเลขนี้ถูกต้องหรือไม่" in text_of(page)) == ("", True)
    form = typed("submit", version=update.version, **read(indicator, "3", sure="3"))
    assert client.post(url("edit", update) + "?sure=ask", form).status_code == 302
    update.refresh_from_db()
    assert update.state == "submitted"


def test_staff_see_what_was_unusual_and_that_it_was_confirmed(sign_in, reporter, staff, project, indicator) -> None:
    measure = Measure(Decimal(44), "", True)
    update = make_update(reporter, project, "submitted", readings={indicator: measure})
    page = sign_in(staff).get(reverse("desk:update-detail", args=[update.pk]))
    assert [sentence in text_of(page) for sentence in ("สิบเท่าขึ้นไป", "หน่วยงานยืนยันแล้ว")] == [True, True]


@pytest.mark.parametrize("address", ["public:project-detail", "workspace:project-detail", "desk:project-detail"])
def test_each_door_draws_the_chart_with_its_gap_and_its_table(
    sign_in, reporter, staff, other_staff, project, indicator, address
) -> None:
    for month, measure in ((2, Measure(None, "โรงเรียนปิดเทอม")), (3, Measure(Decimal(6)))):
        day = dt.date(2019, month, 15)
        make_update(reporter, project, "approved", staff, happened_on=day, readings={indicator: measure})
    make_update(reporter, project, "submitted", readings={indicator: Measure(Decimal(11))})  # not approved: not shown
    person = other_staff if address.startswith("desk") else reporter
    page = sign_in(person).get(reverse(address, args=[project.code]))
    (row,) = page.context["indicators"]
    assert ([dot.value for dot in row["chart"].dots], len(row["chart"].gaps), row["chart"].lines) == (["4", "6"], 1, [])
    words = ("ยิ่งมากยิ่งดี", "ตัวเลขแต่ละครั้งเป็นของช่วงนั้น", "ไม่มีข้อมูล: โรงเรียนปิดเทอม", "◇ ครั้งนั้นไม่มีตัวเลข")
    assert [word in text_of(page) for word in words] == [True] * 4
