"""The one list of what is asked: its order, its rows, and nothing that is done, waived, closed, hidden or another's."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from agencies.models import Agency, User
from govlab.models import Typed
from projects.models import Assignment, DueReport, ProgressUpdate, Project, Stage
from projects.rules import assignments, decisions, meetings, publishing, reviews, rounds, stages, updates
from projects.rules.readings import Measure
from projects.workspace.urgency import Kind, Row, urgency
from tests.factories import (
    FULL,
    make_assignment,
    make_indicator,
    make_meeting,
    make_member,
    make_project,
    make_round,
    make_update,
    make_with_lead,
)

HOME = "/workspace/"
TODAY = dt.date(2019, 7, 15)


def day(ahead: int) -> dt.date:
    return TODAY + dt.timedelta(days=ahead)


def at(ago: int) -> dt.datetime:
    return dt.datetime(2019, 7, 15, tzinfo=dt.UTC) - dt.timedelta(days=ago)


URGENCY: list[tuple[Kind, int | None, int | None]] = [
    # kind, due so many days from today, since so many days ago
    (Kind.ASSIGNMENT, -40, None),
    (Kind.RETURNED, -8, 1),
    (Kind.DUE, -8, None),
    (Kind.DRAFT, -1, 1),
    (Kind.DUE, 0, None),
    (Kind.DRAFT, 0, 6),
    (Kind.ASSIGNMENT, 1, None),
    (Kind.RETURNED, 3, 1),
    (Kind.SENT_BACK, 4, 1),
    (Kind.WITH_LEAD, 7, 1),
    (Kind.ASSIGNMENT, 7, None),
    (Kind.SENT_BACK, 8, 1),
    (Kind.RETURNED, 9, 5),
    (Kind.SENT_BACK, 9, 1),
    (Kind.RETURNED, None, 9),
    (Kind.SENT_BACK, None, 5),
    (Kind.RETURNED, None, 2),
    (Kind.WITH_LEAD, 30, 1),
    (Kind.WITH_LEAD, None, 3),
    (Kind.ASSIGNMENT, 8, None),
    (Kind.DUE, 14, None),
    (Kind.DRAFT, None, 30),
    (Kind.TYPED, None, 20),
    (Kind.DRAFT, None, 10),
    (Kind.ASSIGNMENT, None, None),
    (Kind.INDICATOR, None, None),
]
"""Every kind in the order in which it must stand."""


def test_the_most_urgent_stands_first() -> None:
    rows = [
        Row(kind, str(n), "", "", "", "", due_on=None if ahead is None else day(ahead), since=ago and at(ago))
        for n, (kind, ahead, ago) in enumerate(URGENCY)
    ]
    for mixed in (rows, rows[::-1], rows[1::2] + rows[::2]):
        placed = sorted(mixed, key=lambda row: urgency(row, TODAY))
        assert [row.what for row in placed] == [str(n) for n in range(len(rows))]


# --- what is in the list ---------------------------------------------------------------------------------------------
def shown(client: Any, url: str = HOME) -> list[tuple[str, str, str]]:
    """Kind, address of the next step and verb of each row."""
    rows = client.get("/en" + url).context["rows"]
    with translation.override("en"):
        return [(row.kind.name, row.step, str(row.verb)) for row in rows]


def kinds(client: Any) -> list[str]:
    return [kind for kind, _step, _verb in shown(client)]


def step(name: str, thing: Any) -> str:
    return "/en" + reverse(f"workspace:{name}", args=[thing])


def the_due(project: Project) -> DueReport:
    return DueReport.objects.get(project=project)


def test_each_thing_that_is_asked_has_its_one_next_step(
    sign_in, reporter: User, staff: User, agency: Agency, project: Project
) -> None:
    make_round(staff)
    draft, returned = make_update(reporter, project), make_update(reporter, project, "returned", staff)
    assignment = make_assignment(staff, agency, due_on=dt.date(2019, 3, 1))
    assert shown(sign_in(reporter)) == [
        ("ASSIGNMENT", step("assignment-detail", assignment.pk), "Answer the assignment"),
        ("RETURNED", step("update-edit", returned.pk), "Correct the update"),
        ("DUE", step("due-report", the_due(project).pk), "Write the report"),
        ("DRAFT", step("update-edit", draft.pk), "Finish the update"),
    ]
    page = sign_in(reporter).get("/en" + HOME).content.decode()
    assert "ขอจำนวนผู้ให้สัมภาษณ์" in page
    assert ("days late" in page, "10 days left" in page) == (True, True)


def test_what_is_done_waived_closed_or_hidden_is_never_due(sign_in, reporter, staff, agency: Agency) -> None:
    codes = ("begun", "submitted", "approved", "waived", "hidden", "closed", "asked")
    projects = {name: make_project(staff, owner=agency, year=2561 if name == "closed" else 2562) for name in codes}
    make_round(staff, due_in=-3)
    closed = make_round(staff, year=2561)
    rounds.close(closed, by=staff)
    for state in ("submitted", "approved"):
        update = updates.add(by=reporter, project=projects[state], due=the_due(projects[state]), **FULL)
        update = updates.submit(update, by=reporter)
        if state == "approved":
            reviews.approve(update, by=staff)
    begun = updates.add(by=reporter, project=projects["begun"], due=the_due(projects["begun"]), **FULL)
    rounds.waive(the_due(projects["waived"]), by=staff, reason="เลื่อนรอบ")
    publishing.hide(projects["hidden"], by=staff)
    rows = sign_in(reporter).get(HOME).context["rows"]
    assert [(row.kind.name, row.where, row.days_late) for row in rows] == [
        ("DUE", projects["asked"], 3),
        ("DRAFT", projects["begun"], 3),
    ]
    publishing.hide(Project.objects.get(pk=projects["begun"].pk), by=staff)
    [_due, draft] = sign_in(reporter).get(HOME).context["rows"]
    assert (draft.what, draft.due_on, draft.days_late) == (begun, None, 0)


def test_a_lead_finds_what_reporters_sent_and_they_find_it_under_what_waits(
    sign_in, reporter: User, lead: User, project: Project
) -> None:
    update = make_with_lead(reporter, project)
    assert shown(sign_in(lead)) == [("WITH_LEAD", step("update-detail", update.pk), "Read and pass on")]
    page = sign_in(reporter).get(HOME)
    assert (page.context["rows"], page.context["with_lead"]) == ([], [update])
    assert sign_in(lead).get(HOME).context["with_lead"] == []


def test_what_a_lead_handed_back_is_to_correct(sign_in, reporter: User, lead: User, project: Project) -> None:
    update = make_with_lead(reporter, project)
    updates.hand_back(update, by=lead, reason="ขอชื่อผู้ให้ข้อมูล")
    [row] = sign_in(reporter).get(HOME).context["rows"]
    assert (row.kind, row.why) == (Kind.RETURNED, "ขอชื่อผู้ให้ข้อมูล")


def test_staff_who_work_for_an_agency_are_asked_only_what_it_is_asked(sign_in, staff: User, agency, project) -> None:
    make_round(staff)
    assert kinds(sign_in(staff)) == []


@pytest.mark.parametrize("who", ["stranger", "reporter"])
def test_nothing_of_another_agency_is_asked(
    sign_in, request, reporter: User, lead: User, staff: User, agency, project: Project, who: str
) -> None:
    under_way(project, staff)
    make_indicator(staff, project)
    make_round(staff)
    make_with_lead(reporter, project)
    make_update(reporter, project)
    make_update(reporter, project, "returned", staff)
    make_assignment(staff, agency)
    person = request.getfixturevalue(who)
    assert len(kinds(sign_in(person))) == (0 if who == "stranger" else 5)
    assert sign_in(person).get("/workspace/asked/").context["page_obj"].paginator.count == (
        0 if who == "stranger" else 5
    )


# --- assignments -----------------------------------------------------------------------------------------------------
def test_an_assignment_is_asked_while_the_agency_has_the_next_step_and_presses_once_it_is_sent_back(
    sign_in, reporter: User, lead: User, staff: User, agency: Agency
) -> None:
    meeting = make_meeting(staff, starts_on=timezone.localdate() - dt.timedelta(days=1))
    assignment, client = make_assignment(staff, agency, meeting=meeting, due_on=dt.date(2100, 1, 1)), sign_in(reporter)
    page = step("assignment-detail", assignment.pk)

    def now() -> Assignment:
        return Assignment.objects.get(pk=assignment.pk)

    def state() -> list[Any]:
        context = client.get("/en" + HOME).context
        asked = [(row.kind.name, row.step, row.pressing, row.why, str(row.state)) for row in context["rows"]]
        return [*asked, *(str(row["assignment"].get_state_display()) for row in context["answered"])]

    with translation.override("en"):
        assert state() == [("ASSIGNMENT", page, False, "", "Open")]
        assignments.answer(now(), by=reporter, text="บางส่วน", percent=50)
        assert state() == ["Answered"]
        decisions.send_back(now(), by=staff, reason="ขอตัวเลข")
        assert state() == [("SENT_BACK", page, True, "ขอตัวเลข", "Sent back")]
        meetings.edit_part(now(), by=staff, version=now().version, text_en="With numbers")
        assert state() == [("SENT_BACK", page, True, "ขอตัวเลข", "Sent back")]
        assignments.ask_time(now(), by=reporter, text="ไม่ทัน", wanted_on=dt.date(2100, 2, 1))
        assert state() == ["More time asked for"]
        decisions.extend(now(), by=staff, due_on=dt.date(2100, 2, 1), reason="ตามที่ขอ")
        assert state() == [("ASSIGNMENT", page, False, "ตามที่ขอ", "Open")]
        assignments.contest(now(), by=reporter, text="ไม่ใช่ของเรา")
        assert state() == ["Contested"]
        decisions.send_back(now(), by=staff, reason="เป็นของท่าน")
        assert state() == [("SENT_BACK", page, True, "เป็นของท่าน", "Sent back")]
        assignments.answer(now(), by=lead, text="ครบ", percent=100)
        decisions.accept(now(), by=staff)
        assert state() == []
        decisions.close(now(), by=staff, note="ครบ")
        assert state() == []
        decisions.reopen(now(), by=staff)
        assert state() == [("ASSIGNMENT", page, False, "", "Open")]


def test_answers_that_were_typed_and_not_sent_are_found_again(sign_in, reporter, lead, staff, agency, stranger) -> None:
    meeting = make_meeting(staff, starts_on=timezone.localdate() - dt.timedelta(days=1))
    opened, contested, closed, back = (make_assignment(staff, agency, meeting=meeting) for _ in range(4))
    assignments.contest(contested, by=lead, text="ไม่ใช่ของเรา")
    decisions.close(closed, by=staff, note="ครบ")
    pages = [
        ("assignment-detail", opened),
        ("assignment-more-time", opened),
        ("assignment-contest", contested),
        ("assignment-detail", closed),
    ]
    now = timezone.now()
    for person in (reporter, stranger):
        for name, thing in pages:
            path, answers = reverse(f"workspace:{name}", args=[thing.pk]), {"text": ["พิมพ์ค้างไว้"]}
            Typed.objects.create(user=person, path=path, answers=answers, turn=1, saved_at=now)
    rows = sign_in(reporter).get("/en" + HOME).context["rows"]
    assert {(row.kind.name, row.step, row.typed_at is not None) for row in rows} == {
        ("ASSIGNMENT", step("assignment-detail", opened.pk), True),
        ("ASSIGNMENT", step("assignment-detail", back.pk), False),
        ("TYPED", step("assignment-more-time", opened.pk), False),
        ("TYPED", step("assignment-contest", contested.pk), False),
        ("TYPED", step("assignment-detail", closed.pk), False),
    }
    for name, thing in pages:
        assert "พิมพ์ค้างไว้" in sign_in(reporter).get(step(name, thing.pk)).content.decode(), name
    assert kinds(sign_in(stranger)) == []
    assert [row.kind.name for row in sign_in(lead).get(HOME).context["rows"]] == ["ASSIGNMENT", "ASSIGNMENT"]


# --- numbers ---------------------------------------------------------------------------------------------------------
def under_way(project: Project, by: User) -> None:
    stage = Stage.objects.filter(project=project)[0]
    stages.edit(stage, by=by, version=stage.version, state="in_progress")


def test_an_indicator_is_asked_for_until_it_is_read_and_again_in_the_next_round(
    sign_in, reporter: User, staff: User, project: Project
) -> None:
    first, second = make_indicator(staff, project), make_indicator(staff, project)
    client = sign_in(reporter)
    assert kinds(client) == []
    under_way(project, staff)
    [row] = client.get(HOME).context["rows"]
    assert (row.kind, row.why) == (Kind.INDICATOR, f"{first}, {second}")
    assert row.step == reverse("workspace:update-add", args=[project.code]) + "#readings"
    readings = {first: Measure(Decimal(3)), second: Measure(unavailable="ยังไม่ได้วัด")}
    update = make_update(reporter, project, "submitted", readings=readings)
    assert kinds(client) == []
    # A round that asks about later days asks for the numbers again; they are typed into its report.
    make_round(staff)
    [due, row] = client.get(HOME).context["rows"]
    assert (due.kind, row.kind, row.step) == (Kind.DUE, Kind.INDICATOR, due.step + "#readings")
    reviews.approve(update, by=staff)
    today = timezone.localdate() - dt.timedelta(days=1)
    draft = updates.add(by=reporter, project=project, due=the_due(project), **{**FULL, "happened_on": today})
    [row, also] = client.get(HOME).context["rows"]
    assert (row.what, also.step) == (draft, row.step + "#readings")
    updates.edit(draft, by=reporter, version=draft.version, readings=readings)
    assert kinds(client) == ["DRAFT"]


def test_a_project_that_is_done_or_hidden_asks_for_no_number(sign_in, reporter, staff, project: Project) -> None:
    make_indicator(staff, project)
    under_way(project, staff)
    publishing.hide(project, by=staff)
    assert kinds(sign_in(reporter)) == []


# --- typed and not saved ---------------------------------------------------------------------------------------------
def test_what_was_typed_and_not_saved_is_found_again_by_who_typed_it(
    sign_in, reporter: User, lead: User, staff: User, project: Project
) -> None:
    update, now = make_update(reporter, project), timezone.now()
    other = make_project(staff, owner=None)
    paths = [reverse("workspace:update-add", args=[each.code]) for each in (project, other)]
    for path in (*paths, reverse("workspace:update-edit", args=[update.pk]), "/workspace/gone/"):
        Typed.objects.create(user=reporter, path=path, answers={"title": ["หัวข้อที่พิมพ์ไว้"]}, saved_at=now)
    rows = sign_in(reporter).get("/en" + HOME).context["rows"]
    assert [(row.kind.name, str(row.what), row.step) for row in rows] == [
        ("DRAFT", update.title, step("update-edit", update.pk)),
        ("TYPED", "หัวข้อที่พิมพ์ไว้", step("update-add", project.code)),
    ]
    assert rows[0].typed_at == now
    assert "หัวข้อที่พิมพ์ไว้" in sign_in(reporter).get(HOME).content.decode()
    assert "หัวข้อที่พิมพ์ไว้" not in sign_in(lead).get(HOME).content.decode()


@pytest.mark.parametrize("start", ["", "/en"])
def test_a_text_whose_form_a_colleague_closed_stays_in_the_list_until_it_is_thrown_away(
    sign_in, reporter: User, lead: User, stranger: User, project: Project, staff: User, start: str
) -> None:
    make_round(staff)
    due, sent = the_due(project), make_update(lead, project)
    paths = [reverse("workspace:due-report", args=[due.pk]), reverse("workspace:update-edit", args=[sent.pk])]
    updates.add(by=lead, project=project, due=due, **FULL)
    updates.submit(sent, by=lead)
    for person in (reporter, stranger):
        for path in paths:
            Typed.objects.create(
                user=person, path=path, answers={"text": ["พิมพ์ค้างไว้"]}, turn=1, saved_at=timezone.now()
            )
    client = sign_in(reporter)
    rows = [row for row in client.get(start + HOME).context["rows"] if row.kind == Kind.TYPED]
    assert sorted(row.step for row in rows) == sorted(start + path for path in paths)
    for path in paths:
        assert "พิมพ์ค้างไว้" in client.get(start + path).content.decode()
        assert client.post(start + path, {"forget_typed": "1"}).status_code == 302
    assert kinds(client) == ["DRAFT"]
    assert kinds(sign_in(stranger)) == []


# --- many ------------------------------------------------------------------------------------------------------------
def test_the_first_page_shows_twenty_and_leads_to_all(sign_in, reporter: User, project: Project) -> None:
    for _ in range(23):
        make_update(reporter, project)
    page = sign_in(reporter).get(HOME)
    assert (len(page.context["rows"]), page.context["more"]) == (20, 23)
    assert 'href="/workspace/asked/"' in page.content.decode()
    assert len(sign_in(reporter).get("/workspace/asked/?page=2").context["rows"]) == 3
    assert sign_in(reporter).get("/workspace/asked/?page=3").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_few_queries(
    sign_in, reporter: User, staff: User, agency: Agency, count: int, django_assert_num_queries
) -> None:
    make_member(agency)
    for _ in range(count):
        project = make_project(staff, owner=agency)
        make_update(reporter, project)
        make_update(reporter, project, "submitted")
        make_with_lead(reporter, project)
        make_update(reporter, project, "returned", staff)
        make_indicator(staff, project)
        make_assignment(staff, agency)
        answered = make_assignment(staff, agency)
        assignments.answer(answered, by=reporter, text="ทำแล้ว")
        pages = [("update-add", project.code), ("assignment-detail", answered.pk), ("assignment-contest", answered.pk)]
        for name, key in pages:
            path = reverse(f"workspace:{name}", args=[key])
            Typed.objects.create(user=reporter, path=path, saved_at=timezone.now())
    make_round(staff)
    client = sign_in(reporter)
    assert client.get("/workspace/asked/").context["page_obj"].paginator.count == 8 * count
    with django_assert_num_queries(14):
        client.get(HOME)
    assert ProgressUpdate.objects.count() == 4 * count
