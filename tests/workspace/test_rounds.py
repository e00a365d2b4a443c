"""A report that is due: its form opens prefilled, answers the round once, and is nobody else's."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from govlab.thai import format_date
from projects.forms.prefill import day_of, stage_now
from projects.models import DueReport, ProgressUpdate, Project, Round, Stage
from projects.rules import projects, publishing, reviews, rounds, stages, updates
from tests.factories import FULL, make_round, make_update


def typed(**other: Any) -> dict[str, Any]:
    """What a browser sends when only the text was typed, as the form opened."""
    return {
        "stage_number": "1",
        "stage_state": "in_progress",
        "happened_on": "30/6/2562",
        "title": "รายงานรอบมิถุนายน",
        "text": "สัมภาษณ์ครบแล้ว",
        "verb": "submit",
        "form_key": uuid.uuid4().hex,
        **other,
    }


@pytest.fixture
def due(staff: User, project: Project) -> DueReport:
    return DueReport.objects.get(round=make_round(staff), project=project)


def url(due: DueReport) -> str:
    return reverse("workspace:due-report", args=[due.pk])


def page_of(update: ProgressUpdate, name: str = "detail") -> str:
    return reverse(f"workspace:update-{name}", args=[update.pk])


# --- what it opens with ----------------------------------------------------------------------------------------------
U, N, P, D = "unknown", "not_started", "in_progress", "done"


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([U, U, U, U], (1, P)),
        ([N, N, N, N], (1, P)),
        ([P, N, N, N], (1, P)),
        ([D, P, N, N], (2, P)),
        ([D, D, N, N], (3, P)),
        ([U, P, N, N], (2, P)),
        ([P, P, N, N], (2, P)),
        ([D, D, D, P], (4, P)),
        ([D, D, D, D], (4, D)),
    ],
)
def test_the_stage_is_where_the_project_is(states: list[str], expected: tuple[int, str]) -> None:
    assert stage_now(states) == expected


def test_the_date_is_the_last_day_of_the_period_or_today() -> None:
    end = dt.date(2019, 6, 30)
    due = DueReport(round=Round(period_start=dt.date(2019, 6, 1), period_end=end))
    days = [end - dt.timedelta(days=1), end, end + dt.timedelta(days=90)]
    assert [day_of(due, day) for day in days] == [days[0], end, end]
    # Something newer is known already.
    assert [day_of(due, days[2], last) for last in (end, days[2])] == [end, days[2]]
    assert day_of(None, days[0]) == days[0]


@pytest.mark.parametrize("start", ["", "/en"])
def test_it_opens_prefilled_except_for_what_only_people_can_tell(
    sign_in, reporter: User, staff: User, due: DueReport, project: Project, start: str
) -> None:
    stage = Stage.objects.filter(project=project)[1]
    stages.edit(stage, by=staff, version=stage.version, state="in_progress")
    last = make_update(reporter, project, "approved", staff, planned="ทดสอบต้นแบบกับผู้ใช้ 5 คน")
    make_update(reporter, project, "submitted", planned="ยังไม่รับรอง")
    page = sign_in(reporter).get(start + url(due))
    form = page.context["form"]
    assert {name: form[name].value() or "" for name in form.fields if name not in ("attach", "release", "title")} == {
        "stage_number": 2,
        "stage_state": "in_progress",
        "happened_on": format_date(due.round.period_end, "numeric"),
        "text": "",
        "planned": "",
        "obstacles": "",
    }
    assert form["title"].value().startswith("Report for " if start else "รายงานรอบ ")
    assert (form.planned_before, last.planned in page.content.decode()) == (last.planned, True)


def test_an_unscheduled_report_opens_today_without_a_headline_and_offers_the_due_one(
    sign_in, reporter: User, due: DueReport, project: Project
) -> None:
    page = sign_in(reporter).get(reverse("workspace:update-add", args=[project.code]))
    form = page.context["form"]
    assert (form["happened_on"].value(), form["title"].value() or "") == (
        format_date(timezone.localdate(), "numeric"),
        "",
    )
    assert f'href="{url(due)}"' in page.content.decode()
    updates.add(by=reporter, project=project, due=due)
    page = sign_in(reporter).get(reverse("workspace:update-add", args=[project.code]))
    assert page.context["offered"] is None


def test_what_another_agency_planned_is_not_shown(
    sign_in, reporter: User, stranger: User, staff, other_agency, due: DueReport, project: Project
) -> None:
    projects.add_part(project, by=staff, agency=other_agency, part="partner")
    make_update(reporter, project, "approved", staff, planned="แผนของกรมตัวอย่าง")
    page = sign_in(stranger).get(url(due))
    assert (page.status_code, "แผนของกรมตัวอย่าง" in page.content.decode()) == (200, False)


def test_as_it_opened_it_is_not_sent_without_a_text(sign_in, reporter: User, due: DueReport) -> None:
    response = sign_in(reporter).post(url(due), typed(text=""))
    assert (response.status_code, list(response.context["form"].errors)) == (400, ["text"])
    assert not ProgressUpdate.objects.exists()


# --- once ------------------------------------------------------------------------------------------------------------
def test_it_answers_the_round(sign_in, reporter: User, due: DueReport) -> None:
    response = sign_in(reporter).post(url(due), typed())
    update = ProgressUpdate.objects.get()
    due.refresh_from_db()
    assert (response.url, update.state, due.update) == (page_of(update), "submitted", update)


def test_two_clicks_are_one_report(sign_in, reporter: User, due: DueReport) -> None:
    form = typed()
    first, second = (sign_in(reporter).post(url(due), form) for _click in range(2))
    assert (first.status_code, second.status_code, first.url) == (302, 302, second.url)
    assert ProgressUpdate.objects.count() == 1


def test_a_second_tab_keeps_its_text_and_leads_to_the_first(sign_in, reporter: User, due: DueReport) -> None:
    sign_in(reporter).post(url(due), typed(verb="draft"))
    update, text = ProgressUpdate.objects.get(), "ก" * 5000
    response = sign_in(reporter).post(url(due), typed(text=text))
    page = response.content.decode()
    assert (response.status_code, text in page, f'href="{page_of(update, "edit")}"' in page) == (400, True, True)
    assert ProgressUpdate.objects.count() == 1


def test_the_back_button_leads_to_what_was_begun(sign_in, reporter: User, lead: User, due: DueReport) -> None:
    update = updates.add(by=lead, project=due.project, due=due, **FULL)
    assert sign_in(reporter).get(url(due)).url == page_of(update, "edit")
    updates.submit(update, by=lead)
    assert sign_in(reporter).get(url(due)).url == page_of(update)


def test_a_partner_learns_that_it_was_begun_but_not_what(
    sign_in, reporter: User, stranger: User, staff: User, other_agency, due: DueReport
) -> None:
    projects.add_part(due.project, by=staff, agency=other_agency, part="partner")
    updates.add(by=reporter, project=due.project, due=due, title="ร่างลับ")
    response = sign_in(stranger).get(url(due), follow=True)
    assert response.redirect_chain == [(reverse("workspace:project-detail", args=[due.project.code]), 302)]
    assert ("ร่างลับ" in response.content.decode(), 'role="alert"' in response.content.decode()) == (False, True)


@pytest.mark.parametrize("why", ["waived", "closed", "hidden"])
def test_what_is_no_longer_due_leads_back_with_a_sentence(
    sign_in, reporter: User, staff: User, due: DueReport, why: str
) -> None:
    if why == "waived":
        rounds.waive(due, by=staff, reason="เลื่อนรอบ")
    elif why == "closed":
        rounds.close(due.round, by=staff)
    else:
        publishing.hide(due.project, by=staff)
    back = reverse("workspace:project-detail", args=[due.project.code])
    response = sign_in(reporter).get(url(due), follow=True)
    assert (response.redirect_chain, 'role="alert"' in response.content.decode()) == ([(back, 302)], True)
    posted = sign_in(reporter).post(url(due), typed(text="ข้อความที่พิมพ์ไว้"))
    assert (posted.status_code, "ข้อความที่พิมพ์ไว้" in posted.content.decode()) == (400, True)
    assert not ProgressUpdate.objects.exists()


# --- whose -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_agency_gets_404_as_for_what_does_not_exist(sign_in, stranger, staff, due, method: str) -> None:
    nothing = reverse("workspace:due-report", args=[due.pk + 1000])
    assert [getattr(sign_in(stranger), method)(each).status_code for each in (url(due), nothing)] == [404, 404]
    assert [getattr(sign_in(staff), method)(each).status_code for each in (url(due), nothing)] == [403, 404]


def test_a_withdrawn_answer_is_again_in_hand(sign_in, reporter: User, staff: User, due: DueReport) -> None:
    sign_in(reporter).post(url(due), typed())
    update = ProgressUpdate.objects.get()
    updates.withdraw(update, by=reporter)
    assert sign_in(reporter).get(url(due)).url == page_of(update, "edit")
    again = updates.submit(ProgressUpdate.objects.get(), by=reporter)
    reviews.approve(again, by=staff)
    assert sign_in(reporter).get(url(due)).url == page_of(update)


def test_whoever_corrects_it_still_sees_its_day_until_it_is_approved(
    sign_in, reporter: User, staff: User, due: DueReport
) -> None:
    said = f"{due.round} ·"
    sign_in(reporter).post(url(due), typed(verb="draft"))
    update = ProgressUpdate.objects.get()
    for name in ("edit", "detail"):
        assert said in sign_in(reporter).get(page_of(update, name)).content.decode()
    reviews.approve(updates.submit(update, by=reporter), by=staff)
    assert said not in sign_in(reporter).get(page_of(update)).content.decode()


def test_the_form_takes_few_queries(sign_in, reporter: User, due: DueReport, django_assert_num_queries) -> None:
    client = sign_in(reporter)
    client.get(url(due))
    with django_assert_num_queries(13):
        assert client.get(url(due)).status_code == 200
