"""The ledger on the desk: its order, its filters, the chart of ages, and the resolutions that ask nothing."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.ageing import ageing
from projects.models import AgendaItem, Assignment, Meeting, Resolution
from projects.rules import assignments, decisions, meetings
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
PAGE = "/desk/resolutions/"


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


@pytest.fixture
def meeting(staff):
    return factories.make_meeting(staff)


@pytest.fixture
def ask(staff, meeting, agency):
    def do(text="ขอให้ศึกษา", days_ago=0, **answers):
        """Asked by a meeting of its own, so many days ago, unless it is said by which."""
        at = answers.pop("meeting", None) or getattr(answers.get("resolution"), "meeting", None)
        values = {"meeting": at or factories.make_meeting(staff), "agency": agency, "text_th": text, **answers}
        now = timezone.now() - dt.timedelta(days_ago)
        row = meetings.add_part(Assignment, by=staff, now=now, **values)
        if at is None:  # it could not be due before its meeting, which was held on a day of the past
            held_on = min(timezone.localdate(now), row.due_on or TODAY)
            Meeting.objects.filter(pk=row.meeting_id).update(starts_on=held_on)
        if row.given_on:
            Assignment.objects.filter(pk=row.pk).update(given_on=timezone.localdate(now))
        return Assignment.objects.get(pk=row.pk)

    return do


def resolved(staff, meeting, text="รับทราบ", **answers):
    item = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="วาระ")
    return meetings.add_part(Resolution, by=staff, meeting=meeting, item=item, text_th=text, **answers)


def shown(page):
    return [row.assignment.text_th for row in page.context["rows"]]


def day(days):
    return TODAY + dt.timedelta(days)


# --- the table -------------------------------------------------------------------------------------------------------
def test_only_staff_come_in(client, sign_in, reporter):
    for page in (PAGE, "/desk/assignments/"):
        assert client.get(page)["Location"] == f"{reverse('account_login')}?next={page}"
    sign_in(reporter)
    assert [client.get(page).status_code for page in (PAGE, "/desk/assignments/")] == [403, 403]


def test_the_old_address_leads_here_for_good_with_what_was_asked_for(desk):
    answers = [desk.get(page) for page in ("/desk/assignments/", "/en/desk/assignments/?state=open&q=%E0%B8%81")]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (301, PAGE),
        (301, f"/en{PAGE}?state=open&q=%E0%B8%81"),
    ]


def test_what_waits_for_staff_stands_first_then_what_is_late_then_by_due_date_and_what_is_closed_last(
    desk, ask, staff, reporter
):
    ask("ไม่มีกำหนด")
    ask("วันนี้", due_on=TODAY)
    ask("ช้า", due_on=day(-4))
    ask("ช้ากว่า", due_on=day(-40))
    done = ask("เสร็จ", due_on=day(-50))
    assignments.answer(done, by=reporter, text="แล้ว", percent=100)
    decisions.accept(Assignment.objects.get(pk=done.pk), by=staff)
    assignments.contest(ask("โต้แย้ง", due_on=day(300)), by=reporter, text="ไม่ใช่")
    decisions.close(ask("ปิดแล้ว", due_on=day(-90)), by=staff, note="แล้ว")
    rows = desk.get("/en" + PAGE).context["rows"]
    assert [(row.assignment.text_th, row.days_late, row.days_left, row.next_step) for row in rows] == [
        ("โต้แย้ง", 0, None, "OPDC"),
        ("ช้ากว่า", 40, None, "กรมตัวอย่าง"),
        ("ช้า", 4, None, "กรมตัวอย่าง"),
        ("เสร็จ", 0, None, "OPDC, to close it"),
        ("วันนี้", 0, 0, "กรมตัวอย่าง"),
        ("ไม่มีกำหนด", 0, None, "กรมตัวอย่าง"),
        ("ปิดแล้ว", 0, None, ""),
    ]


def test_a_row_leads_to_the_assignment_the_resolution_and_the_projects(desk, ask, staff, meeting, project):
    resolution = resolved(staff, meeting)
    row = ask(resolution=resolution, projects=[project])
    text = desk.get(PAGE).content.decode()
    places = [
        reverse("desk:assignment-detail", args=[row.pk]),
        f"{reverse('desk:meeting-detail', args=[meeting.key])}#resolutions-{resolution.pk}",
        reverse("desk:project-detail", args=[project.code]),
    ]
    assert [f'href="{place}"' in text for place in places] == [True] * 3


def test_what_is_asked_at_a_meeting_still_to_come_is_not_lost_from_sight(desk, ask, staff):
    ask("ภายหน้า", meeting=factories.make_meeting(staff, published=False, starts_on=day(9)))
    page = desk.get("/en" + PAGE)
    assert [row.next_step for row in page.context["rows"]] == ["The meeting, which is still to come"]
    assert page.context["ageing"] is None


def test_filters_stay_in_the_address_of_the_other_pages_and_of_the_bars(desk, ask, monkeypatch):
    monkeypatch.setattr("projects.desk.resolutions.PAGE", 1)
    for _row in range(2):
        ask("ศึกษา", due_on=day(-3))
    text = desk.get(PAGE + "?q=ศึกษา&late=yes").content.decode()
    assert ("late=yes&amp;page=2" in text, "late=yes&amp;age=0-30" in text) == (True, True)


def test_an_unknown_filter_value_is_said_at_its_field_and_filters_nothing(desk, ask):
    ask()
    unknown = "?state=x&agency=nobody&late=maybe&age=9&meeting=none&project=none&series=none"
    page = desk.get(PAGE + unknown)
    fields = ["age", "agency", "late", "meeting", "project", "series", "state"]
    assert (page.status_code, sorted(page.context["filter"].form.errors)) == (200, fields)
    assert (len(page.context["rows"]), page.context["ageing"].total) == (1, 1)
    assert desk.get(PAGE + "?page=99999").status_code == 404


@pytest.mark.parametrize("query", ["", "?what=opinions", "?q=ไม่มีคำนี้", "?what=opinions&q=ไม่มีคำนี้"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_empty_ledger_says_what_will_be_here(desk, prefix, query):
    page = desk.get(prefix + PAGE + query)
    assert (page.status_code, 'class="empty"' in page.content.decode()) == (200, True)


@pytest.mark.parametrize("rows", [1, 3, 500])
def test_the_ledger_asks_the_same_of_the_database(desk, ask, staff, project, agency, rows, django_assert_num_queries):
    first = ask(partners=[agency], projects=[project], due_on=day(-1))
    copies = [
        Assignment(meeting=first.meeting, agency=agency, text_th="อีก", given_on=TODAY, position=n)
        for n in range(1, rows)
    ]
    Assignment.objects.bulk_create(copies)
    with django_assert_num_queries(10):
        page = desk.get(PAGE + "?state=open")
    assert (page.context["page_obj"].paginator.count, page.context["ageing"].total) == (rows, rows)


# --- the chart -------------------------------------------------------------------------------------------------------
def drawn(bar):
    return [(piece.kind, piece.count, piece.x, piece.width) for piece in bar.pieces]


def test_the_bars_count_what_is_open_by_age_and_by_how_it_stands(ask, staff, reporter):
    ask(days_ago=30)
    ask(days_ago=31, due_on=day(-1))
    ask(days_ago=90, due_on=TODAY)
    assignments.answer(ask(days_ago=60, due_on=day(-9)), by=reporter, text="แล้ว")
    ask(days_ago=366)
    decisions.close(ask(days_ago=10), by=staff, note="แล้ว")
    chart = ageing(Assignment.objects.all(), TODAY)
    assert [(bar.key, bar.counts) for bar in chart.bars] == [
        ("0-30", [0, 0, 1]),
        ("31-90", [1, 1, 1]),
        ("91-180", [0, 0, 0]),
        ("181-365", [0, 0, 0]),
        ("366-", [0, 0, 1]),
    ]
    assert drawn(chart.bars[1]) == [("waiting", 1, 0, 213), ("late", 1, 213, 214), ("rest", 1, 427, 213)]
    assert drawn(chart.bars[0]) == [("rest", 1, 0, 213)]
    assert (chart.totals, chart.total) == ([1, 1, 3], 5)


def test_a_piece_without_room_has_no_number_in_it(ask):
    first = ask(due_on=day(-1))
    rows = [Assignment(meeting=first.meeting, agency=first.agency, text_th="ก", given_on=TODAY) for _n in range(40)]
    Assignment.objects.bulk_create(rows)
    late, rest = ageing(Assignment.objects.all(), TODAY).bars[0].pieces
    assert (late.middle, rest.middle) == (None, (late.width + 640) // 2)


def test_nothing_open_draws_nothing(ask, staff):
    decisions.close(ask(), by=staff, note="แล้ว")
    assert ageing(Assignment.objects.all(), TODAY) is None


def test_each_bar_leads_to_its_rows_and_the_chart_follows_the_other_filters(desk, ask, other_agency):
    ask("ใหม่")
    ask("เก่า", days_ago=50)
    ask("ของอื่น", days_ago=50, agency=other_agency)
    page = desk.get(PAGE + f"?agency={other_agency.key}&age=0-30")
    assert (shown(page), [bar.total for bar in page.context["ageing"].bars]) == ([], [0, 1, 0, 0, 0])
    page = desk.get(PAGE)
    for bar, rows in zip(page.context["ageing"].bars[:2], (["ใหม่"], ["เก่า", "ของอื่น"]), strict=True):
        assert f'href="?age={bar.key}"' in page.content.decode()
        assert sorted(shown(desk.get(f"{PAGE}?age={bar.key}"))) == sorted(rows)
        assert bar.total == len(rows)


# --- what asks nothing -----------------------------------------------------------------------------------------------
def test_resolutions_that_ask_nothing_stand_in_the_other_table(desk, ask, staff, meeting, agency):
    opinion = resolved(staff, meeting, concerns=[agency])
    asking = resolved(staff, meeting, "ขอให้ศึกษา")
    ask(resolution=asking)
    page = desk.get(PAGE + "?what=opinions")
    assert list(page.context["rows"]) == [opinion]
    assert list(desk.get(PAGE + "?what=opinions&q=ไม่มี").context["rows"]) == []
    assert 'name="what" value="opinions"' in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_other_table_asks_the_same_of_the_database(desk, staff, agency, project, rows, django_assert_num_queries):
    for _row in range(rows):
        opinion = resolved(staff, factories.make_meeting(staff), concerns=[agency])
        item = AgendaItem.objects.get(pk=opinion.item_id)
        meetings.edit_part(item, by=staff, version=item.version, projects=[project])
    with django_assert_num_queries(9):
        assert len(desk.get(PAGE + "?what=opinions").context["rows"]) == rows
