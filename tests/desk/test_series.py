"""The page of a series: members, standing items, meetings, its calendar; what staff do there by hand."""

from typing import Any

import pytest
from django.urls import reverse

from agencies.models import User
from projects.models import MeetingSeries, SeriesMember, StandingItem
from projects.rules import meetings, series
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(staff: User) -> MeetingSeries:
    return series.add(by=staff, key="sub", name_th="อ.ก.พ.ร.")


@pytest.fixture
def desk(sign_in: Any, staff: User) -> Any:
    return sign_in(staff)


def page(desk: Any, name: str = "detail", *args: Any) -> Any:
    return desk.get(reverse(f"desk:series-{name}", args=args or (() if name in ("list", "add") else ("sub",))))


def test_a_series_is_added_with_what_stands_on_every_agenda(desk: Any) -> None:
    answer = desk.post(
        reverse("desk:series-add"), {"key": "sub", "position": "1", "name_th": "อ.ก.พ.ร.", "quorum": "๕"}
    )
    assert answer.headers["Location"] == reverse("desk:series-detail", args=["sub"])
    made = MeetingSeries.objects.get()
    assert (made.quorum, made.standing_items.count()) == (5, 5)
    shown = page(desk).content.decode()
    for words in ("เรื่องสืบเนื่อง", "กรรมการ 5 คน", made.feed_key):
        assert words in shown


@pytest.mark.parametrize("answers", [{"name_th": ""}, {"quorum": "0"}, {"key": "ก ข"}, {"name_th": "ก" * 300}])
def test_what_is_no_good_answer_keeps_what_was_typed(desk: Any, answers: dict[str, str]) -> None:
    typed = {"key": "sub", "position": "1", "name_th": "คณะ", "about_th": "เก็บไว้", **answers}
    answer = desk.post(reverse("desk:series-add"), typed)
    assert (answer.status_code, "เก็บไว้" in answer.content.decode(), MeetingSeries.objects.count()) == (400, True, 0)
    assert list(answer.context["form"].errors) == list(answers)


def test_members_are_added_edited_moved_and_removed(desk: Any, body: MeetingSeries) -> None:
    add = reverse("desk:series-part-add", args=["sub", "members"])
    for name in ("ก", "ข"):
        answer = desk.post(add, {"name_th": name, "email": "a@x.test"})
        assert answer.headers["Location"] == reverse("desk:series-detail", args=["sub"]) + "#members"
    first, second = SeriesMember.objects.all()
    desk.post(reverse("desk:series-part-move", args=["sub", "members", second.pk, "up"]))
    assert [row.name_th for row in SeriesMember.objects.all()] == ["ข", "ก"]
    edit = reverse("desk:series-part-edit", args=["sub", "members", first.pk])
    desk.post(edit, {"name_th": "ก ใหม่", "version": first.version})
    assert desk.post(edit, {"name_th": "เก่า", "version": first.version}).status_code == 409
    desk.post(reverse("desk:series-part-remove", args=["sub", "members", second.pk]))
    assert [(row.name_th, row.email) for row in SeriesMember.objects.all()] == [("ก ใหม่", "")]


def test_an_agenda_has_one_place_for_what_arises(desk: Any, body: MeetingSeries) -> None:
    add = reverse("desk:series-part-add", args=["sub", "items"])
    refused = desk.post(add, {"kind": "arising", "title_th": "อีกข้อหนึ่ง"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (400, ["kind"])
    assert desk.post(add, {"kind": "", "title_th": "เรื่องเพิ่ม"}).status_code == 302
    assert StandingItem.objects.count() == 6


def test_a_row_of_another_series_is_not_found(desk: Any, staff: User, body: MeetingSeries) -> None:
    other = series.add(by=staff, key="other", name_th="อื่น")
    row = series.add_part(SeriesMember, by=staff, series=other, name_th="ค")
    for verb in ("edit", "remove"):
        assert desk.get(reverse(f"desk:series-part-{verb}", args=["sub", "members", row.pk])).status_code == 404
    assert desk.post(reverse("desk:series-part-move", args=["sub", "members", row.pk, "up"])).status_code == 404
    assert desk.get(reverse("desk:series-part-add", args=["sub", "nonsense"])).status_code == 404


def test_the_calendar_gets_another_address(desk: Any, body: MeetingSeries) -> None:
    old = body.feed_key
    assert page(desk, "feed-renew").status_code == 200
    desk.post(reverse("desk:series-feed-renew", args=["sub"]))
    body.refresh_from_db()
    assert body.feed_key != old
    history = desk.get(reverse("desk:history-record", args=["series", body.pk])).content.decode()
    assert old not in history and body.feed_key not in history


def test_a_series_is_removed_while_no_meeting_belongs_to_it(desk: Any, staff: User, body: MeetingSeries) -> None:
    meeting = factories.make_meeting(staff, published=False, series=body, starts_on=meetings.timezone.localdate())
    remove = reverse("desk:series-remove", args=["sub"])
    desk.post(remove)
    assert MeetingSeries.objects.count() == 1
    meetings.remove(meeting, by=staff)
    assert desk.post(remove).headers["Location"] == reverse("desk:series-list")
    assert (MeetingSeries.objects.count(), StandingItem.objects.count()) == (0, 0)


@pytest.mark.parametrize("size", [1, 3])
def test_the_pages_ask_the_database_the_same_for_one_row_and_for_three(
    desk: Any, staff: User, agency: Any, body: MeetingSeries, size: int, django_assert_num_queries: Any
) -> None:
    for _row in range(size):
        series.add_part(SeriesMember, by=staff, series=body, name_th="ก", agency=agency)
        factories.make_assignment(staff, agency, meeting=factories.make_meeting(staff, series=body))
    for n in range(size - 1):
        series.add(by=staff, key=f"s{n}", name_th="อื่น")
    with django_assert_num_queries(9):
        page(desk)
    with django_assert_num_queries(3):
        page(desk, "list")


def test_only_staff_see_it(sign_in: Any, reporter: User, body: MeetingSeries) -> None:
    office = sign_in(reporter)
    assert office.get(reverse("desk:series-detail", args=["sub"])).status_code == 403
