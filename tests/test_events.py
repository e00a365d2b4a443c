"""What webhooks are told: each verb's news and nothing else, of the public record as the API gives it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.models import Agency, User
from govlab import inside
from govlab.models import Event
from govlab.together import together
from projects import delivering, events
from projects.models import AgendaItem, Call, Delivery, Meeting, Project, Resolution, Shown, Stage, Told
from projects.rules import meetings, phases, projects, publishing, reviews, stages, themes, webhooks
from tests import factories
from tests.world import CANARY, make_world

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
ALL = list(Told.values)


@pytest.fixture
def hook(staff: User) -> Any:
    return webhooks.add(
        by=staff, name="ทะเบียน", address="https://hooks.test/in", kinds=ALL, now=timezone.now() - 30 * 24 * HOUR
    )


@pytest.fixture
def news(hook: Any) -> Callable[[], list[tuple[str, str, str]]]:
    """What the webhook is told of what happened since the last time."""

    def told() -> list[tuple[str, str, str]]:
        delivering.spread()
        rows = list(Delivery.objects.order_by("created_at", "kind", "key").values_list("kind", "noun", "key"))
        Delivery.objects.all().delete()
        return rows

    told()
    return told


def renamed(project: Project, staff: User, title: str) -> Project:
    now = Project.objects.get(pk=project.pk)
    return projects.edit(now, by=staff, version=now.version, code=now.code, cohort=now.cohort, title_th=title)


def test_a_project_is_told_of_while_it_is_public(staff: User, agency: Agency, news: Any) -> None:
    project = factories.make_project(staff, owner=agency, published=False)
    renamed(project, staff, "ยังไม่เผยแพร่")
    assert news() == []
    about = ("project", project.code)
    project = publishing.publish(project, by=staff)
    assert news() == [("project.published", *about)]
    renamed(project, staff, "ใหม่")
    assert news() == [("project.changed", *about)]
    stage = Stage.objects.get(project=project, number=1)
    stages.edit(stage, by=staff, version=stage.version, planned_start=dt.date(2019, 1, 1))
    factories.make_indicator(staff, project)
    projects.add_part(project, by=staff, agency=factories.make_agency(staff), part="partner")
    assert news() == [("project.changed", *about)]  # one message for all that waits
    publishing.hide(project, by=staff)
    assert news() == [("project.hidden", *about)]
    stage = Stage.objects.get(project=project, number=1)
    stages.edit(stage, by=staff, version=stage.version, planned_start=dt.date(2019, 2, 1))
    assert news() == []


def test_what_was_public_only_for_a_moment_is_told_as_it_is_by_then(staff: User, news: Any) -> None:
    project = publishing.hide(factories.make_project(staff), by=staff)
    assert news() == [("project.hidden", "project", project.code)]


def test_an_update_is_told_of_once_it_is_approved_and_when_that_is_taken_back(
    staff: User, reporter: User, project: Project, news: Any
) -> None:
    news()
    update = factories.make_update(reporter, project, "submitted")
    assert news() == []
    update = reviews.approve(update, by=staff)
    about = ("update", str(update.pk))
    assert sorted(news()) == [("project.changed", "project", project.code), ("update.approved", *about)]
    reviews.take_back(update, by=staff, reason="ผิดโครงการ")
    assert ("record.hidden", *about) in news()


def test_of_an_update_of_a_hidden_project_nobody_hears(staff: User, reporter: User, agency: Agency, news: Any) -> None:
    project = factories.make_project(staff, owner=agency, published=False)
    update = factories.make_update(reporter, project, "approved", staff)
    reviews.take_back(update, by=staff, reason="ผิด")
    assert news() == []


def a_committee(staff: User, **answers: Any) -> tuple[Meeting, Resolution, Resolution]:
    """Minutes that are written, with a resolution that will be public and one that will not."""
    meeting = factories.make_meeting(staff, published=False, kind="workshop", **answers)
    shown = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="เรื่องพิจารณา")
    kept = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="ลับ", shown=Shown.NOTHING)
    said = meetings.add_part(Resolution, by=staff, meeting=meeting, item=shown, text_th="เห็นชอบ")
    inside_ = meetings.add_part(Resolution, by=staff, meeting=meeting, item=kept, text_th="ลับ")
    return meeting, said, inside_


def test_a_meeting_its_resolutions_and_its_minutes(staff: User, news: Any) -> None:
    meeting, said, _kept = a_committee(staff)
    meeting = Meeting.objects.get(pk=meeting.pk)
    if meeting.phase == "planned":
        meeting = phases.hold(meeting, by=staff)
    assert news() == []
    about, one = ("meeting", meeting.key), ("resolution", str(said.pk))
    meeting = publishing.publish(meeting, by=staff)
    assert news() == [("meeting.published", *about), ("resolution.published", *one)]
    meeting = phases.finish(meeting, by=staff)
    assert news() == []
    meeting = phases.adopt(meeting, by=staff, adopted_on=dt.date(2019, 2, 1))
    assert news() == [("minutes.adopted", *about)]
    meeting = publishing.hide(meeting, by=staff)
    assert news() == [("record.hidden", *about)]
    publishing.publish(meeting, by=staff)
    assert news() == [
        ("meeting.published", *about),
        ("minutes.adopted", *about),
        ("resolution.published", *one),
    ]


def test_resolutions_follow_what_their_item_shows(staff: User, news: Any) -> None:
    meeting, said, kept = a_committee(staff)
    publishing.publish(meeting, by=staff)
    news()
    item = AgendaItem.objects.get(pk=kept.item_id)
    item = meetings.edit_part(item, by=staff, version=item.version, shown=Shown.EVERYTHING)
    assert news() == [("resolution.published", "resolution", str(kept.pk))]
    meetings.edit_part(item, by=staff, version=item.version, shown=Shown.TITLE)
    assert news() == [("record.hidden", "resolution", str(kept.pk))]
    said = Resolution.objects.get(pk=said.pk)
    said = meetings.edit_part(said, by=staff, version=said.version, text_th="เห็นชอบตามเสนอ")
    assert news() == [("resolution.published", "resolution", str(said.pk))]


def test_an_innovation_and_what_became_of_it(staff: User, news: Any) -> None:
    innovation = factories.make_innovation(staff)
    about = ("innovation", str(innovation.pk))
    assert news() == [("innovation.published", *about)]
    publishing.hide(innovation, by=staff)
    assert news() == [("record.hidden", *about)]


def test_a_theme_is_told_of_once_it_is_answered_and_shown(staff: User, project: Project, news: Any) -> None:
    call = factories.make_call(staff, project)
    theme = themes.add(call, by=staff, title_th="รอนาน")
    news()
    theme = themes.edit(theme, by=staff, version=theme.version, answer_th="เพิ่มช่อง", outcome="changed")
    assert news() == []
    themes.show(theme, by=staff)
    assert news() == [("theme.answered", "theme", str(theme.pk))]
    publishing.hide(call, by=staff)
    assert news() == [("record.hidden", "call", str(call.pk))]


# --- calls open and end by the day -----------------------------------------------------------------------------------
def told_on(day: dt.datetime) -> list[tuple[str, str]]:
    delivering.tell_of_calls(day)
    delivering.tell_of_calls(day)  # a second look says nothing new
    return list(Delivery.objects.order_by("kind").values_list("kind", "key"))


def test_a_call_opens_and_ends_by_the_day_alone(hook: Any, staff: User, project: Project) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    days = {"opens_on": today + dt.timedelta(days=2), "closes_on": today + dt.timedelta(days=5)}
    call = factories.make_call(staff, project, **days)
    factories.make_call(staff, project, published=False, **days)
    opened, closed = ("call.opened", str(call.pk)), ("call.closed", str(call.pk))
    assert told_on(now + 24 * HOUR) == []
    assert told_on(now + 2 * 24 * HOUR) == [opened]
    assert told_on(now + 5 * 24 * HOUR) == [opened]
    assert told_on(now + 6 * 24 * HOUR) == [closed, opened]
    call = Call.objects.get(pk=call.pk)
    assert Delivery.objects.get(kind="call.closed").happened_at == dt.datetime.combine(
        call.closes_on + dt.timedelta(days=1), dt.time(), timezone.get_default_timezone()
    )


def test_a_webhook_is_not_told_of_calls_that_opened_before_it_was_there(staff: User, project: Project) -> None:
    factories.make_call(staff, project)
    now = timezone.now() + HOUR
    webhooks.add(by=staff, name="ใหม่", address="https://hooks.test/", kinds=ALL, now=now)
    assert told_on(now + HOUR) == []


# --- the record ------------------------------------------------------------------------------------------------------
def test_the_record_is_the_one_that_the_api_gives_a_visitor(staff: User, project: Project, call: Any) -> None:
    innovation = factories.make_innovation(staff)
    meeting = factories.make_meeting(staff)
    for noun, key in {"project": project.code, "innovation": innovation.pk, "meeting": meeting.key}.items():
        there = call().get(f"/api/v1/{noun}s/{key}/", HTTP_HOST="127.0.0.1:8000")
        assert events.record(noun, str(key)) == there.json()


def test_reading_inside_counts_for_nobodys_limit(staff: User, project: Project, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    path = f"/api/v1/projects/{project.code}/"
    assert [bool(inside.read(path)) for _ in range(5)] == [True] * 5


def test_what_is_hidden_is_no_record(staff: User, project: Project) -> None:
    call = factories.make_call(staff, project)
    theme = themes.add(call, by=staff, title_th="รอนาน")
    theme = themes.answer(theme, by=staff, version=theme.version, answer_th="เพิ่มช่อง", outcome="changed")
    assert (events.record("call", str(call.pk)) or {})["question_th"] == call.question_th
    assert events.record("theme", str(theme.pk)) is None
    themes.show(theme, by=staff)
    assert (events.record("theme", str(theme.pk)) or {})["answer_th"] == "เพิ่มช่อง"


def test_nothing_unpublished_and_nothing_personal_is_ever_told(staff: User, agency: Agency, reporter: User) -> None:
    """A world with a canary in every private field, and every message that any change of it could make."""
    hook = webhooks.add(by=staff, name="ทะเบียน", address="https://hooks.test/", kinds=ALL, now=timezone.now() - HOUR)
    world = make_world(staff, agency, reporter)
    reviews.take_back(world.approved, by=staff, reason=f"เหตุผล {CANARY}")
    publishing.hide(Meeting.objects.get(pk=world.meeting.pk), by=staff)
    publishing.publish(Meeting.objects.get(pk=world.meeting.pk), by=staff)
    before = Event.objects.count()
    delivering.spread()
    delivering.tell_of_calls()
    rows = list(Delivery.objects.filter(webhook=hook))
    told = [delivering.body_of(row).decode() for row in rows]
    assert (before > 50, Event.objects.count(), len(rows) > 5) == (True, 0, True)
    assert [text for text in told if CANARY in text] == []
    assert [text for text in told if reporter.email in text or staff.name in text or reporter.name in text] == []
    # Each of them is of what a visitor sees, or says no more than that it is hidden.
    for row in rows:
        if (
            not events.NOUNS[row.noun]
            .model.objects.visible_to(AnonymousUser())
            .filter(**{events.NOUNS[row.noun].key: row.key})
        ):
            assert '"hidden":true' in delivering.body_of(row).decode()
    assert {row.key for row in rows if row.noun == "project"} == {world.project.code}


def test_the_naive_way_would_tell_the_canary(staff: User, agency: Agency, reporter: User) -> None:
    """The negative control: a message made of the changed row itself."""
    make_world(staff, agency, reporter)
    told = [
        str(vars(entry))
        for event in Event.objects.all()
        for entry in [events.apps.get_model(event.model).history.model.objects.get(pk=event.entry)]
    ]
    assert any(CANARY in text for text in told)


def test_what_is_rolled_back_is_told_to_nobody(staff: User, project: Project, news: Any) -> None:
    news()
    with pytest.raises(ValidationError):
        renamed(project, staff, "ก" * 9999)
    assert (Event.objects.count(), news()) == (0, [])


def test_what_is_written_together_is_told_as_well(staff: User, news: Any) -> None:
    """The rows of the history that wait for the end of a large change bring their news with them."""
    project = factories.make_project(staff)
    news()
    with together():
        renamed(project, staff, "นำเข้าจากแฟ้ม")
    assert news() == [("project.changed", "project", project.code)]
