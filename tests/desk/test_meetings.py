"""Meetings on the desk: the list, the working page, the forms of the meeting and of its people, sessions, points.

What is under an agenda item is in test_agenda.py, the phases in test_phases.py, who came in test_attendance.py.
"""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.rules import records
from projects.desk.meeting_page import every
from projects.models import (
    AgendaItem,
    Assignment,
    Meeting,
    MeetingPerson,
    MeetingPoint,
    MeetingSession,
    Phase,
    Resolution,
    SeriesMember,
)
from projects.rules import decisions, meetings, publishing
from projects.rules import series as rules
from tests import factories

KINDS = {
    "people": (MeetingPerson, {"name_th": "นายสมชาย", "role_th": "ประธาน", "part": "member"}),
    "sessions": (MeetingSession, {"title_th": "ปาฐกถา"}),
    "points": (MeetingPoint, {"text_th": "ประเด็น", "country": "KR"}),
}
TODAY = timezone.localdate


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


@pytest.fixture
def meeting(staff):
    return factories.make_meeting(staff, key="the-meeting")


def at(verb, meeting, *more):
    return reverse(f"desk:meeting-{verb}", args=[meeting.key, *more])


def fill(staff, meeting, agency, rows=1):
    """So many agenda items, each with a resolution, an assignment with a partner, a person, a session, a point."""
    for n in range(rows):
        item = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th=f"วาระ {n}", presented_by=agency)
        below = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="ย่อย", parent=item)
        for under in (item, below):
            resolution = meetings.add_part(
                Resolution, by=staff, meeting=meeting, item=under, text_th="มติ", concerns=[agency]
            )
            meetings.add_part(
                Assignment,
                by=staff,
                meeting=meeting,
                resolution=resolution,
                agency=agency,
                text_th="งาน",
                partners=[agency],
                due_on=dt.date(2019, 2, 1),
            )
        meetings.add_part(Assignment, by=staff, meeting=meeting, agency=agency, text_th="งานรวม")
        person = meetings.add_part(MeetingPerson, by=staff, meeting=meeting, agency=agency, **KINDS["people"][1])
        deputy = {"name_th": "ผู้แทน", "stands_for": person, "part": "observer"}
        meetings.add_part(MeetingPerson, by=staff, meeting=meeting, agency=agency, **deputy)
        session = meetings.add_part(
            MeetingSession, by=staff, meeting=meeting, speakers=[person], **KINDS["sessions"][1]
        )
        meetings.add_part(MeetingPoint, by=staff, meeting=meeting, session=session, **KINDS["points"][1])


@pytest.fixture
def parts(staff, meeting):
    """One part of each kind, by kind."""
    return {
        kind: meetings.add_part(model, by=staff, meeting=meeting, **answers) for kind, (model, answers) in KINDS.items()
    }


@pytest.fixture
def series(staff):
    """A series with two members, one of them with an e-mail address."""
    made = rules.add(by=staff, key="committee", name_th="คณะกรรมการ")
    rules.add_part(SeriesMember, by=staff, series=made, name_th="ประธาน ก", email="chair@govlab.test")
    rules.add_part(SeriesMember, by=staff, series=made, name_th="กรรมการ ข")
    return made


def answers_of(**changes):
    """A filled-in form of a meeting."""
    return {
        "kind": "conference",
        "key": "new-meeting",
        "title_th": "การประชุมใหม่",
        "starts_on": "23/11/2564",
        "starts_at": "๐๙.๓๐ น.",
        "form_key": uuid.uuid4().hex,
        **changes,
    }


def of_series(series, **changes):
    """A filled-in form of a meeting of a series: no title, no number, no key."""
    return answers_of(**{"kind": "committee", "series": series.pk, "key": "", "title_th": "", **changes})


def part_answers(kind, **changes):
    """A filled-in form of a part."""
    return {**KINDS[kind][1], "position": 1, "form_key": uuid.uuid4().hex, **changes}


def errors(response):
    """The fields with a sentence."""
    return sorted(response.context["form"].errors)


# --- who -------------------------------------------------------------------------------------------------------------
def test_only_staff_come_in(client, sign_in, reporter, meeting, parts):
    pages = [reverse("desk:meeting-list"), reverse("desk:meeting-add")]
    pages += [at(verb, meeting) for verb in ("detail", "edit", "publish", "hide", "remove")]
    for kind, part in parts.items():
        pages += [at("part-add", meeting, kind), at("part-edit", meeting, kind, part.pk)]
        pages += [at("part-remove", meeting, kind, part.pk)]
    for page in pages:
        answer = client.get(page)
        assert (answer.status_code, answer["Location"]) == (302, f"{reverse('account_login')}?next={page}")
    sign_in(reporter)
    for page in pages:
        assert (client.get(page).status_code, client.post(page).status_code) == (403, 403)
    assert MeetingPerson.objects.count() == 1


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_stands_in_both_languages(desk, meeting, parts, prefix):
    pages = [reverse("desk:meeting-list"), reverse("desk:meeting-add"), at("detail", meeting), at("edit", meeting)]
    for kind, part in parts.items():
        pages += [at("part-add", meeting, kind), at("part-edit", meeting, kind, part.pk)]
        pages += [at("part-remove", meeting, kind, part.pk)]
    assert [desk.get(prefix + page).status_code for page in pages] == [200] * len(pages)


def test_what_is_not_there_is_not_found(desk, staff, meeting, parts):
    other = factories.make_meeting(staff, key="other")
    person = parts["people"].pk
    for page in (
        "/desk/meetings/no-such/",
        "/desk/meetings/no-such/edit/",
        at("part-add", meeting, "chairs"),
        at("part-edit", meeting, "chairs", person),
        at("part-edit", other, "people", person),
        at("part-remove", other, "people", person),
        at("part-edit", meeting, "people", 10**30),
        at("remove", other),
    ):
        expected = 200 if page == at("remove", other) else 404
        assert desk.get(page).status_code == expected, page


# --- the list --------------------------------------------------------------------------------------------------------
def test_the_list_shows_every_meeting_and_what_it_waits_for(desk, staff, meeting, agency):
    factories.make_meeting(staff, key="draft", title_th="ร่าง", published=False)
    fill(staff, meeting, agency)
    page = desk.get(reverse("desk:meeting-list"))
    assert [(row.key, row.unfinished) for row in page.context["page_obj"]] == [("draft", 0), ("the-meeting", 3)]
    hidden = desk.get(reverse("desk:meeting-list") + "?state=draft")
    assert [row.key for row in hidden.context["page_obj"]] == ["draft"]


def test_an_unknown_filter_value_is_said_at_its_field(desk, meeting):
    page = desk.get(reverse("desk:meeting-list") + "?kind=party&state=x&year=1&page=1")
    assert page.status_code == 200
    assert sorted(page.context["filter"].form.errors) == ["kind", "state", "year"]
    assert [row.key for row in page.context["page_obj"]] == ["the-meeting"]


@pytest.mark.parametrize("number", ["99999", "x", "0", "-1"])
def test_a_page_that_is_not_there_says_so(desk, meeting, number):
    assert desk.get(reverse("desk:meeting-list") + f"?page={number}").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_of_the_database_for_one_and_for_three(
    desk, staff, agency, rows, django_assert_num_queries
):
    for _row in range(rows):
        fill(staff, factories.make_meeting(staff), agency)
    with django_assert_num_queries(5):
        assert len(desk.get(reverse("desk:meeting-list")).context["page_obj"]) == rows


@pytest.mark.parametrize("phase", ["planned", "held"])
def test_the_list_is_filtered_by_phase_and_says_it(desk, staff, phase):
    factories.make_meeting(staff, key="held")
    factories.make_meeting(staff, key="planned", starts_on=TODAY() + dt.timedelta(days=3))
    page = desk.get(reverse("desk:meeting-list") + f"?phase={phase}")
    assert [(row.key, row.phase) for row in page.context["page_obj"]] == [(phase, phase)]
    assert f"<td>{Phase(phase).label}</td>" in page.content.decode()


def test_what_a_meeting_to_come_will_ask_is_not_counted_as_open(desk, staff, agency):
    coming = factories.make_meeting(staff, starts_on=TODAY() + dt.timedelta(days=3))
    factories.make_assignment(staff, agency, meeting=coming)
    page = desk.get(reverse("desk:meeting-list"))
    assert [row.unfinished for row in page.context["page_obj"]] == [0]


# --- the working page ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [20, 500])
def test_the_page_asks_the_same_of_the_database_however_long_the_agenda(
    desk, staff, agency, series, rows, django_assert_num_queries
):
    meeting = factories.make_meeting(staff, kind="committee", series=series, published=False)
    fill(staff, meeting, agency, 2)
    long = [AgendaItem(meeting=meeting, number=f"{n}", position=n, title_th=f"วาระ {n}") for n in range(5, rows + 1)]
    AgendaItem.objects.bulk_create(long)
    with django_assert_num_queries(14):
        page = desk.get(at("detail", meeting))
    assert sum(1 for _row in every(page.context["agenda"].items)) == rows


@pytest.mark.parametrize("rows", [1, 100])
def test_the_page_asks_the_same_of_the_database_for_many_people(
    desk, staff, meeting, agency, rows, django_assert_num_queries
):
    fill(staff, meeting, agency)
    model, answers = KINDS["people"]
    model.objects.bulk_create(
        model(meeting=meeting, agency=agency, position=n + 9, **{**answers, "part": "observer"}) for n in range(rows)
    )
    with django_assert_num_queries(13):
        page = desk.get(at("detail", meeting))
    assert [(group.part, len(group.rows)) for group in page.context["people"]] == [
        ("member", 1),
        ("observer", rows + 1),
    ]
    assert [group.folded for group in page.context["people"]] == [False, rows > 20]


def test_the_page_leads_to_every_place_where_something_is_added_or_edited(desk, meeting, parts):
    html = desk.get(at("detail", meeting)).content.decode()
    links = set(re.findall(r'href="([^"#]+)"', html))
    expected = {at("edit", meeting), reverse("public:meeting-detail", args=[meeting.key]), at("attendance", meeting)}
    expected |= {at("agenda", meeting), reverse("public:meeting-calendar", args=[meeting.key])}
    for kind, part in parts.items():
        expected |= {at("part-edit", meeting, kind, part.pk), at("part-remove", meeting, kind, part.pk)}
        expected.add(at("part-add", meeting, kind))
    expected |= {
        at("part-add", meeting, "assignments"),
        f"{at('part-add', meeting, 'points')}?under={parts['sessions'].pk}",
    }
    assert expected - links == set()


def test_a_committee_without_sessions_is_not_asked_for_a_programme(desk, staff, series, meeting):
    committee = factories.make_meeting(staff, kind="committee", series=series, published=False)
    pages = [desk.get(at("detail", each)) for each in (meeting, committee)]
    assert [bool(page.context["conference"]) for page in pages] == [True, False]
    assert ['id="sessions"' in page.content.decode() for page in pages] == [True, False]
    assert reverse("desk:series-detail", args=["committee"]) in pages[1].content.decode()


def test_the_page_counts_what_is_late_and_closed(desk, staff, meeting, agency):
    fill(staff, meeting, agency)
    page = desk.get(at("detail", meeting))
    assert [getattr(page.context["agenda"], name) for name in ("given", "closed", "late")] == [3, 0, 2]
    decisions.close(Assignment.objects.late(TODAY()).first(), by=staff, note="แล้ว")
    page = desk.get(at("detail", meeting))
    assert [getattr(page.context["agenda"], name) for name in ("given", "closed", "late")] == [3, 1, 1]


def test_the_programme_stands_by_day_and_by_the_clock_with_its_speakers(desk, staff):
    meeting = factories.make_meeting(staff, starts_on=dt.date(2019, 3, 13), ends_on=dt.date(2019, 3, 14))
    speaker = meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th="วิทยากร ก", part="speaker")
    for title, day, hour in (("ไม่ระบุ", None, None), ("บ่าย", 14, 13), ("เช้า", 14, 9), ("เปิด", 13, 9)):
        when = {"day": day and dt.date(2019, 3, day), "starts_at": hour and dt.time(hour, 30)}
        speakers = [speaker] if title == "เช้า" else []
        meetings.add_part(MeetingSession, by=staff, meeting=meeting, title_th=title, speakers=speakers, **when)
    days = desk.get(at("detail", meeting)).context["programme"]
    assert [(day.on and day.on.day, [(str(row), hours, who) for row, hours, who in day.rows]) for day in days] == [
        (13, [("เปิด", "9.30 น.", [])]),
        (14, [("เช้า", "9.30 น.", [speaker]), ("บ่าย", "13.30 น.", [])]),
        (None, [("ไม่ระบุ", "", [])]),
    ]


def test_people_stand_by_the_part_they_take_with_whom_they_stand_for(desk, staff, meeting):
    def person(name, **more):
        return meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th=name, **more)

    chair = person("ประธาน", part="member", presence="absent")
    deputy = person("ผู้แทน", part="observer", presence="present", stands_for=chair)
    guest = person("วิทยากร", part="speaker")
    page = desk.get(at("detail", meeting))
    assert [(group.part, group.rows) for group in page.context["people"]] == [
        ("member", [(chair, None)]),
        ("observer", [(deputy, chair)]),
        ("speaker", [(guest, None)]),
    ]
    count = page.context["count"]
    assert (count.present, count.members, count.needed, count.reached) == (1, 1, 1, True)


# --- the form of a meeting -------------------------------------------------------------------------------------------
def test_a_meeting_is_added_as_a_draft_with_date_and_time_as_people_type_them(desk, agency, project):
    answer = desk.post(
        reverse("desk:meeting-add"), answers_of(hosts=[agency.pk], projects=[project.pk], ends_on="24 พ.ย. 2564")
    )
    made = Meeting.objects.get()
    assert answer["Location"] == at("detail", made)
    assert (made.state, made.starts_on, made.ends_on) == ("draft", dt.date(2021, 11, 23), dt.date(2021, 11, 24))
    assert (made.starts_at, list(made.hosts.all()), list(made.projects.all())) == (dt.time(9, 30), [agency], [project])


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"starts_on": "31/2/2562"}, ["starts_on"]),
        ({"starts_on": ""}, ["starts_on"]),
        ({"ends_on": "22/11/2564"}, ["ends_on"]),
        ({"starts_at": "25.00"}, ["starts_at"]),
        ({"starts_at": "เช้า"}, ["starts_at"]),
        ({"title_th": "ก" * 5000}, ["title_th"]),
        ({"title_th": "ก\x00ข"}, ["title_th"]),
        ({"title_th": ""}, ["title_th"]),
        ({"key": "the-meeting"}, ["key"]),
        ({"key": "ภาษาไทย"}, ["key"]),
        ({"key": "add"}, ["key"]),
        ({"number": "3"}, ["number"]),
        ({"ends_at": "9.00"}, ["ends_at"]),
        ({"began_at": "10.00", "ended_at": "9.00"}, ["ended_at"]),
        ({"letter_on": "31/2/2562"}, ["letter_on"]),
        ({"minutes_by": "ก" * 300}, ["minutes_by"]),
        ({"number": "สาม"}, ["number"]),
        ({"number": "9" * 40}, ["number"]),
        ({"hosts": ["999999"]}, ["hosts"]),
        ({"hosts": ["9" * 40]}, ["hosts"]),
        ({"hosts": ["x\x00"]}, ["hosts"]),
        ({"kind": "party"}, ["kind"]),
    ],
)
def test_a_bad_answer_is_a_sentence_at_its_field_and_everything_typed_stays(desk, meeting, agency, changes, fields):
    typed = answers_of(theme_th="หัวข้อที่พิมพ์ไว้", **changes)
    page = desk.post(reverse("desk:meeting-add"), typed)
    assert (page.status_code, errors(page)) == (400, fields)
    form = page.context["form"]
    assert {name: form[name].value() for name in ("title_th", "starts_on", "starts_at", "theme_th", "key")} == {
        name: typed[name] for name in ("title_th", "starts_on", "starts_at", "theme_th", "key")
    }
    assert "หัวข้อที่พิมพ์ไว้" in page.content.decode()
    assert Meeting.objects.count() == 1


def test_a_number_that_the_series_has_already_is_said_at_the_number_and_nothing_is_lost(desk, staff, series):
    factories.make_meeting(staff, series=series, number=3, year=2564)
    typed = of_series(series, number="๓", year="๒๕๖๔", theme_th="พิมพ์ไว้")
    page = desk.post(reverse("desk:meeting-add"), typed)
    assert (page.status_code, errors(page)) == (400, ["number"])
    assert {name: page.context["form"][name].value() for name in ("number", "year", "theme_th", "key")} == {
        "number": "๓",
        "year": "๒๕๖๔",
        "theme_th": "พิมพ์ไว้",
        "key": "",
    }


def test_a_meeting_of_a_series_gets_number_year_key_agenda_and_members_by_itself(desk, series):
    day = TODAY() + dt.timedelta(days=7)
    year = day.year + 543
    for number in (1, 2):
        answer = desk.post(reverse("desk:meeting-add"), of_series(series, starts_on=day.isoformat()))
        made = Meeting.objects.get(key=f"committee-{number}-{year}")
        assert answer["Location"] == at("detail", made)
        assert (made.number, made.year, made.phase, made.state) == (number, year, "planned", "draft")
    assert [str(item) for item in made.agenda.order_by("position")][:1] == ["1 เรื่องที่ประธานแจ้งให้ที่ประชุมทราบ"]
    assert [(row.name_th, row.part) for row in made.people.all()] == [("ประธาน ก", "member"), ("กรรมการ ข", "member")]


def test_a_number_out_of_turn_is_said_at_the_number_for_a_meeting_to_come(desk, series):
    typed = of_series(series, number="5", starts_on=(TODAY() + dt.timedelta(days=7)).isoformat())
    page = desk.post(reverse("desk:meeting-add"), typed)
    assert (page.status_code, errors(page), Meeting.objects.count()) == (400, ["number"], 0)


def test_a_series_alone_leaves_no_sentence_at_the_number_when_the_day_is_missing(desk, series):
    page = desk.post(reverse("desk:meeting-add"), of_series(series, starts_on=""))
    assert (page.status_code, errors(page)) == (400, ["starts_on"])


def test_the_address_names_the_series_and_the_form_begins_with_it(desk, staff, series):
    factories.make_meeting(staff, kind="workshop", series=series, number=1, year=2562)
    begun = desk.get(reverse("desk:meeting-add") + "?series=committee").context["form"].initial
    assert begun == {"series": series.pk, "kind": "workshop"}
    assert desk.get(reverse("desk:meeting-add") + "?series=none").context["form"].initial == {}


def test_number_and_key_left_empty_stay_as_they_were(desk, staff, series):
    meeting = factories.make_meeting(staff, kind="committee", series=series, published=False)
    before = (meeting.number, meeting.year, meeting.key)
    answer = desk.post(at("edit", meeting), of_series(series, version=meeting.version, minutes_by="นางสาวจด"))
    assert answer["Location"] == at("detail", meeting)
    meeting.refresh_from_db()
    assert (meeting.number, meeting.year, meeting.key) == before
    assert meeting.minutes_by == "นางสาวจด"


@pytest.mark.parametrize("which", ["add", "edit"])
def test_what_is_typed_into_the_form_of_a_meeting_is_kept_by_itself(desk, meeting, which):
    url = at("edit", meeting) if which == "edit" else reverse("desk:meeting-add")
    typed = answers_of(theme_th="ยังไม่ได้กดบันทึก")
    kept = desk.post(url, typed, headers={"X-Autosave": "1;after=0"})
    assert (kept.status_code, kept.json()["kept"]) == (200, True)
    page = desk.get(url)
    assert page.context["form"]["theme_th"].value() == "ยังไม่ได้กดบันทึก"
    assert "data-autosave" in page.content.decode()


def test_two_clicks_add_one_meeting(desk):
    typed = answers_of()
    first, second = (desk.post(reverse("desk:meeting-add"), typed) for _click in range(2))
    assert (first["Location"], Meeting.objects.count()) == (second["Location"], 1)


def test_a_stale_save_keeps_both_versions(desk, staff, meeting):
    typed = answers_of(key=meeting.key, title_th="ของฉัน", version=meeting.version)
    records.edit(meeting, by=staff, version=meeting.version, title_th="ของเขา")
    page = desk.post(at("edit", meeting), typed)
    assert page.status_code == 409
    html = page.content.decode()
    assert "ของเขา" in html
    assert page.context["form"]["title_th"].value() == "ของฉัน"
    meeting.refresh_from_db()
    assert meeting.title_th == "ของเขา"
    again = desk.post(at("edit", meeting), {**typed, "version": page.context["version"], "form_key": "again"})
    assert again.status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_the_form_asks_the_same_of_the_database_for_one_and_for_three(desk, staff, rows, django_assert_num_queries):
    agencies = [factories.make_agency(staff) for _row in range(rows)]
    projects = [factories.make_project(staff) for _row in range(rows)]
    meeting = factories.make_meeting(staff, hosts=agencies, projects=projects)
    with django_assert_num_queries(11):
        desk.get(at("edit", meeting))


# --- publish, hide, remove -------------------------------------------------------------------------------------------
def test_staff_publish_and_hide(desk, staff):
    meeting = factories.make_meeting(staff, published=False)
    for verb, state in (
        ("publish", "published"),
        ("publish", "published"),
        ("hide", "hidden"),
        ("publish", "published"),
    ):
        assert desk.post(at(verb, meeting))["Location"] == at("detail", meeting)
        meeting.refresh_from_db()
        assert meeting.state == state
    assert [desk.get(at(verb, meeting)).status_code for verb in ("publish", "hide")] == [405, 405]


def test_a_draft_is_removed_after_the_page_said_what_goes_along(desk, staff, agency):
    meeting = factories.make_meeting(staff, published=False)
    fill(staff, meeting, agency)
    page = desk.get(at("remove", meeting))
    assert len(page.context["along"]) == 11
    assert desk.post(at("remove", meeting))["Location"] == reverse("desk:meeting-list")
    assert Meeting.objects.count() == 0


def test_what_was_published_is_not_removed(desk, meeting):
    answer = desk.post(at("remove", meeting), follow=True)
    assert answer.redirect_chain == [(at("detail", meeting), 302)]
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert Meeting.objects.count() == 1


# --- parts -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", KINDS)
def test_a_part_is_added_edited_and_removed(desk, meeting, parts, kind):
    model = KINDS[kind][0]
    text = next(name for name in ("name_th", "title_th", "text_th") if name in KINDS[kind][1])
    answer = desk.post(at("part-add", meeting, kind), part_answers(kind, **{text: "ใหม่"}))
    made = model.objects.order_by("pk").last()
    assert answer["Location"] == f"{at('detail', meeting)}#{kind}-{made.pk}"
    assert (getattr(made, text), made.position, made.meeting) == ("ใหม่", 2, meeting)
    answer = desk.post(
        at("part-edit", meeting, kind, made.pk), part_answers(kind, version=made.version, **{text: "แก้แล้ว"})
    )
    assert answer["Location"] == f"{at('detail', meeting)}#{kind}-{made.pk}"
    made.refresh_from_db()
    assert getattr(made, text) == "แก้แล้ว"
    key = {"form_key": uuid.uuid4().hex}
    for _click in range(2):
        answer = desk.post(at("part-remove", meeting, kind, made.pk), key)
        assert answer["Location"] == f"{at('detail', meeting)}#{kind}"
    assert list(model.objects.all()) == [parts[kind]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_stale_part_keeps_both_versions(desk, staff, meeting, parts, kind):
    text = next(name for name in ("name_th", "title_th", "text_th") if name in KINDS[kind][1])
    part = parts[kind]
    meetings.edit_part(part, by=staff, version=part.version, **{text: "ของเขา"})
    page = desk.post(
        at("part-edit", meeting, kind, part.pk), part_answers(kind, version=part.version, **{text: "ของฉัน"})
    )
    assert page.status_code == 409
    assert "ของเขา" in page.content.decode()
    assert page.context["form"][text].value() == "ของฉัน"


@pytest.mark.parametrize("kind", KINDS)
def test_two_clicks_add_one_part(desk, meeting, parts, kind):
    typed = part_answers(kind)
    first, second = (desk.post(at("part-add", meeting, kind), typed) for _click in range(2))
    assert (first["Location"], KINDS[kind][0].objects.count()) == (second["Location"], 2)


@pytest.mark.parametrize(
    ("kind", "changes", "fields"),
    [
        ("people", {"name_th": "", "role_th": ""}, ["name_th"]),
        ("people", {"name_th": "ก" * 300}, ["name_th"]),
        ("people", {"agency": "9" * 40}, ["agency"]),
        ("people", {"part": "boss"}, ["part"]),
        ("people", {"presence": "late"}, ["presence"]),
        ("people", {"stands_for": "999"}, ["stands_for"]),
        ("people", {"email": "ไม่มี"}, ["email"]),
        ("sessions", {"title_th": ""}, ["title_th"]),
        ("sessions", {"day": "12/1/2562"}, ["day"]),
        ("sessions", {"starts_at": "10.00", "ends_at": "9.00"}, ["ends_at"]),
        ("sessions", {"speakers": ["999"]}, ["speakers"]),
        ("points", {"text_th": "ก" * 5000}, ["text_th"]),
        ("points", {"country": "XX"}, ["country"]),
        ("points", {"session": "999"}, ["session"]),
    ],
)
def test_a_bad_answer_about_a_part_is_a_sentence_at_its_field(desk, meeting, parts, kind, changes, fields):
    typed = part_answers(kind, **changes)
    page = desk.post(at("part-add", meeting, kind), typed)
    assert (page.status_code, errors(page)) == (400, fields)
    form = page.context["form"]
    assert {name: form[name].value() for name in KINDS[kind][1]} == {name: typed[name] for name in KINDS[kind][1]}
    assert KINDS[kind][0].objects.count() == 1


def test_outside_a_series_the_key_follows_from_the_day_where_none_is_typed(desk):
    for n in range(2):
        typed = {"kind": "focus_group", "title_th": "ก", "key": "", "starts_on": "11/01/2562", "form_key": f"{n}"}
        assert desk.post(reverse("desk:meeting-add"), typed).status_code == 302
    assert sorted(Meeting.objects.values_list("key", flat=True)) == [
        "focus-group-2019-01-11",
        "focus-group-2019-01-11-2",
    ]


def test_people_are_added_one_after_another(desk, meeting):
    add = at("part-add", meeting, "people")
    html = desk.get(add).content.decode()
    assert (
        'name="another"' in html,
        'name="another"' in desk.get(at("part-add", meeting, "points")).content.decode(),
    ) == (
        True,
        False,
    )
    typed = {"name_th": "นายสมชาย", "part": "member", "form_key": "1", "another": "1"}
    page = desk.post(f"/en{add}", typed, follow=True)
    assert (page.redirect_chain, [str(said) for said in page.context["messages"]]) == (
        [(f"/en{add}", 302)],
        ["นายสมชาย is saved."],
    )


def test_a_stand_in_is_added_from_who_came_and_leads_back_there(desk, staff, meeting):
    member = meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th="นายสมชาย", part="member")
    add = f"{at('part-add', meeting, 'people')}?under={member.pk}"
    assert f'href="{add}"' in desk.get(at("attendance", meeting)).content.decode()
    typed = {"name_th": "นางสมศรี", **desk.get(add).context["form"].initial, "form_key": "1"}
    assert desk.post(add, typed)["Location"] == at("attendance", meeting)
    assert [str(row.stands_for) for row in MeetingPerson.objects.filter(name_th="นางสมศรี")] == ["นายสมชาย"]


def test_adding_a_meeting_whose_day_has_passed_says_that_it_counts_as_held(desk):
    said = {}
    for phase, on in (("held", "11/01/2562"), ("planned", "11/01/2642")):
        typed = {"kind": "conference", "title_th": "ก", "key": phase, "starts_on": on, "form_key": phase}
        page = desk.post("/en" + reverse("desk:meeting-add"), typed, follow=True)
        said[Meeting.objects.get(key=phase).phase] = [str(each) for each in page.context["messages"]]
    assert said == {
        "held": ["The meeting is saved. Its day has passed, so it is noted as held."],
        "planned": ["The meeting is saved."],
    }


def test_only_members_of_this_meeting_can_be_stood_in_for_and_only_its_sessions_chosen(desk, staff, meeting, parts):
    other = factories.make_meeting(staff)
    meetings.add_part(MeetingPerson, by=staff, meeting=other, name_th="ที่อื่น", part="member")
    meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th="ผู้ฟัง", part="observer")
    meetings.add_part(MeetingSession, by=staff, meeting=other, title_th="ที่อื่น")
    offered = {
        name: list(desk.get(at("part-add", meeting, kind)).context["form"].fields[name].queryset)
        for kind, name in (("people", "stands_for"), ("points", "session"))
    }
    assert offered == {"stands_for": [parts["people"]], "session": [parts["sessions"]]}
    own = desk.get(at("part-edit", meeting, "people", parts["people"].pk)).context["form"]
    assert list(own.fields["stands_for"].queryset) == []


def test_a_new_row_begins_where_it_is_added(desk, staff, meeting, parts):
    session = parts["sessions"]
    heard = meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th="ผู้ฟัง", part="observer")
    begun = {
        f"{at('part-add', meeting, 'points')}?under={session.pk}": {"session": session.pk},
        f"{at('part-add', meeting, 'points')}?under={'9' * 40}": {},
        f"{at('part-add', meeting, 'points')}?under=๑x": {},
        f"{at('part-add', meeting, 'people')}?under={heard.pk}": {},
        f"{at('part-add', meeting, 'people')}?under={parts['people'].pk}": {
            "stands_for": parts["people"].pk,
            "part": "member",
            "presence": "present",
        },
        at("part-add", meeting, "sessions"): {"day": dt.date(2019, 1, 11)},
    }
    assert {page: desk.get(page).context["form"].initial for page in begun} == begun


@pytest.mark.parametrize("rows", [1, 10])
@pytest.mark.parametrize(("kind", "queries"), [("people", 5), ("sessions", 4), ("points", 4)])
def test_the_form_of_a_part_asks_the_same_of_the_database(
    desk, staff, meeting, agency, kind, queries, rows, django_assert_num_queries
):
    fill(staff, meeting, agency, rows)
    with django_assert_num_queries(queries):
        desk.get(at("part-add", meeting, kind))


def test_demonstration_data_is_marked(desk, staff, meeting, agency):
    factories.make_assignment(staff, agency, meeting=meeting)
    plain = desk.get(at("detail", meeting)).content.decode()
    Assignment.objects.update(demo=True)
    marked = desk.get(at("detail", meeting)).content.decode()
    assert [html.count("tag demo") for html in (plain, marked)] == [0, 1]


def test_a_hidden_meeting_stays_on_the_desk(desk, staff, meeting):
    publishing.hide(meeting, by=staff)
    assert desk.get(at("detail", meeting)).status_code == 200
