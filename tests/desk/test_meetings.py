"""Meetings on the desk: the list, the working page, the forms of the meeting and of each of its parts."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse

from agencies.rules import records
from projects.models import (
    AgendaItem,
    Assignment,
    Meeting,
    MeetingPerson,
    MeetingPoint,
    MeetingSeries,
    MeetingSession,
    Resolution,
)
from projects.rules import assignments, meetings, publishing
from tests import factories

KINDS = {
    "people": (MeetingPerson, {"name_th": "นายสมชาย", "role_th": "ประธาน"}),
    "sessions": (MeetingSession, {"title_th": "ปาฐกถา"}),
    "points": (MeetingPoint, {"text_th": "ประเด็น", "country": "KR"}),
    "agenda": (AgendaItem, {"number": "1", "title_th": "เรื่องที่หนึ่ง"}),
    "resolutions": (Resolution, {"number": "1.1", "text_th": "มติหนึ่ง"}),
    "assignments": (Assignment, {"text_th": "ขอให้ศึกษา"}),
}


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


@pytest.fixture
def meeting(staff):
    return factories.make_meeting(staff, key="the-meeting")


def at(verb, meeting, *more):
    return reverse(f"desk:meeting-{verb}", args=[meeting.key, *more])


def fill(staff, meeting, agency, rows=1, start=0):
    """So many agenda items, each with a resolution, an assignment with a partner, a person, a session, a point."""
    for n in range(start + 1, start + rows + 1):
        item = meetings.add_part(
            AgendaItem, by=staff, meeting=meeting, number=str(n), title_th=f"วาระ {n}", presented_by=agency
        )
        below = meetings.add_part(AgendaItem, by=staff, meeting=meeting, number=f"{n}.9", title_th="ย่อย", parent=item)
        for number, under in ((f"{n}.1", item), (f"{n}.9.1", below)):
            resolution = meetings.add_part(
                Resolution, by=staff, meeting=meeting, item=under, number=number, text_th="มติ", concerns=[agency]
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
        for kind in ("people", "sessions", "points"):
            model, answers = KINDS[kind]
            extra = {"agency": agency} if kind == "people" else {}
            meetings.add_part(model, by=staff, meeting=meeting, **answers, **extra)


@pytest.fixture
def parts(staff, meeting, agency):
    """One part of each kind, by kind."""
    made = {}
    for kind, (model, answers) in KINDS.items():
        above = {"resolutions": {"item": made.get("agenda")}, "assignments": {"resolution": made.get("resolutions")}}
        extra = {"agency": agency} if kind == "assignments" else {}
        made[kind] = meetings.add_part(model, by=staff, meeting=meeting, **answers, **above.get(kind, {}), **extra)
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


def part_answers(kind, parts, asked, **changes):
    """A filled-in form of a part."""
    above = {"resolutions": {"item": parts["agenda"].pk}, "assignments": {"resolution": parts["resolutions"].pk}}
    extra = {"agency": asked.pk} if kind == "assignments" else {}
    return {**KINDS[kind][1], **above.get(kind, {}), **extra, "position": 1, "form_key": uuid.uuid4().hex, **changes}


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
    assert AgendaItem.objects.count() == 1


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_stands_in_both_languages(desk, meeting, parts, prefix):
    pages = [reverse("desk:meeting-list"), reverse("desk:meeting-add"), at("detail", meeting), at("edit", meeting)]
    for kind, part in parts.items():
        pages += [at("part-add", meeting, kind), at("part-edit", meeting, kind, part.pk)]
        pages += [at("part-remove", meeting, kind, part.pk)]
    assert [desk.get(prefix + page).status_code for page in pages] == [200] * len(pages)


def test_what_is_not_there_is_not_found(desk, staff, meeting, parts):
    other = factories.make_meeting(staff, key="other")
    item = parts["agenda"].pk
    for page in (
        "/desk/meetings/no-such/",
        "/desk/meetings/no-such/edit/",
        at("part-add", meeting, "chairs"),
        at("part-edit", meeting, "chairs", item),
        at("part-edit", other, "agenda", item),
        at("part-remove", other, "agenda", item),
        at("part-edit", meeting, "agenda", 10**30),
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


# --- the working page ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [3, 30])
def test_the_page_asks_the_same_of_the_database_however_long_the_agenda(
    desk, staff, meeting, agency, rows, django_assert_num_queries
):
    fill(staff, meeting, agency, rows)
    with django_assert_num_queries(10):
        page = desk.get(at("detail", meeting))
    assert len(page.context["agenda"].items) == rows


def test_the_page_leads_to_every_place_where_something_is_added_or_edited(desk, meeting, parts):
    html = desk.get(at("detail", meeting)).content.decode()
    links = set(re.findall(r'href="([^"#]+)"', html))
    expected = {at("edit", meeting), reverse("public:meeting-detail", args=[meeting.key])}
    for kind, part in parts.items():
        expected |= {at("part-edit", meeting, kind, part.pk), at("part-remove", meeting, kind, part.pk)}
    for kind in ("people", "sessions", "points", "agenda", "assignments"):
        expected.add(at("part-add", meeting, kind))
    expected |= {
        f"{at('part-add', meeting, 'resolutions')}?under={parts['agenda'].pk}",
        f"{at('part-add', meeting, 'agenda')}?under={parts['agenda'].pk}",
        f"{at('part-add', meeting, 'assignments')}?under={parts['resolutions'].pk}",
        reverse("desk:assignment-detail", args=[parts["assignments"].pk]),
    }
    assert expected - links == set()


def test_the_page_counts_what_is_late_and_closed(desk, staff, meeting, agency):
    fill(staff, meeting, agency)
    page = desk.get(at("detail", meeting))
    assert [getattr(page.context["agenda"], name) for name in ("given", "closed", "late")] == [3, 0, 2]
    assignments.close(Assignment.objects.late(dt.date.today()).first(), by=staff, note="แล้ว")
    page = desk.get(at("detail", meeting))
    assert [getattr(page.context["agenda"], name) for name in ("given", "closed", "late")] == [3, 1, 1]


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


def test_a_number_that_the_series_has_already_is_said_at_the_number(desk, staff):
    series = records.add(MeetingSeries, by=staff, key="series", name_th="ชุด")
    factories.make_meeting(staff, series=series, number=3, year=2564)
    page = desk.post(reverse("desk:meeting-add"), answers_of(series=series.pk, number="๓", year="๒๕๖๔"))
    assert (page.status_code, errors(page)) == (400, ["number"])


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
    with django_assert_num_queries(10):
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
    assert len(page.context["along"]) == 10
    assert desk.post(at("remove", meeting))["Location"] == reverse("desk:meeting-list")
    assert Meeting.objects.count() == 0


def test_what_was_published_is_not_removed(desk, meeting):
    answer = desk.post(at("remove", meeting), follow=True)
    assert answer.redirect_chain == [(at("detail", meeting), 302)]
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert Meeting.objects.count() == 1


# --- parts -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", KINDS)
def test_a_part_is_added_edited_and_removed(desk, meeting, parts, agency, kind):
    model = KINDS[kind][0]
    text = next(name for name in ("name_th", "title_th", "text_th") if name in KINDS[kind][1])
    number = {"number": "7.7"} if "number" in KINDS[kind][1] else {}
    answer = desk.post(at("part-add", meeting, kind), part_answers(kind, parts, agency, **{text: "ใหม่"}, **number))
    made = model.objects.order_by("pk").last()
    assert answer["Location"] == f"{at('detail', meeting)}#{kind}-{made.pk}"
    assert (getattr(made, text), made.position, made.meeting) == ("ใหม่", 2, meeting)
    answer = desk.post(
        at("part-edit", meeting, kind, made.pk),
        part_answers(kind, parts, agency, version=made.version, **{text: "แก้แล้ว"}, **number),
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
def test_a_stale_part_keeps_both_versions(desk, staff, meeting, parts, agency, kind):
    text = next(name for name in ("name_th", "title_th", "text_th") if name in KINDS[kind][1])
    part = parts[kind]
    meetings.edit_part(part, by=staff, version=part.version, **{text: "ของเขา"})
    page = desk.post(
        at("part-edit", meeting, kind, part.pk),
        part_answers(kind, parts, agency, version=part.version, **{text: "ของฉัน"}),
    )
    assert page.status_code == 409
    assert "ของเขา" in page.content.decode()
    assert page.context["form"][text].value() == "ของฉัน"


@pytest.mark.parametrize("kind", KINDS)
def test_two_clicks_add_one_part(desk, meeting, parts, agency, kind):
    number = {"number": "7.7"} if "number" in KINDS[kind][1] else {}
    typed = part_answers(kind, parts, agency, **number)
    first, second = (desk.post(at("part-add", meeting, kind), typed) for _click in range(2))
    assert (first["Location"], KINDS[kind][0].objects.count()) == (second["Location"], 2)


@pytest.mark.parametrize(
    ("kind", "changes", "fields"),
    [
        ("people", {"name_th": "", "role_th": ""}, ["name_th"]),
        ("people", {"name_th": "ก" * 5000}, ["name_th"]),
        ("people", {"agency": "9" * 40}, ["agency"]),
        ("sessions", {"title_th": ""}, ["title_th"]),
        ("points", {"text_th": "ก" * 5000}, ["text_th"]),
        ("points", {"country": "XX"}, ["country"]),
        ("agenda", {"number": "๑"}, ["number"]),
        ("agenda", {"number": "2", "title_th": "ก\x00"}, ["title_th"]),
        ("agenda", {"number": "2", "parent": "999"}, ["parent"]),
        ("resolutions", {"number": "1.1"}, ["number"]),
        ("resolutions", {"number": "1.2", "item": ""}, ["item"]),
        ("resolutions", {"number": "1.2", "text_th": "ก" * 5001}, ["text_th"]),
        ("assignments", {"due_on": "1/1/2562"}, ["due_on"]),
        ("assignments", {"due_on": "31/2/2562"}, ["due_on"]),
        ("assignments", {"agency": ""}, ["agency"]),
        ("assignments", {"partners": ["9" * 40]}, ["partners"]),
    ],
)
def test_a_bad_answer_about_a_part_is_a_sentence_at_its_field(desk, meeting, parts, agency, kind, changes, fields):
    typed = part_answers(kind, parts, agency, **changes)
    page = desk.post(at("part-add", meeting, kind), typed)
    assert (page.status_code, errors(page)) == (400, fields)
    form = page.context["form"]
    assert {name: form[name].value() for name in KINDS[kind][1]} == {name: typed[name] for name in KINDS[kind][1]}
    assert KINDS[kind][0].objects.count() == 1


def test_a_resolution_of_another_meeting_is_no_choice(desk, staff, meeting, parts, agency):
    other = factories.make_meeting(staff)
    item = meetings.add_part(AgendaItem, by=staff, meeting=other, number="1", title_th="ที่อื่น")
    elsewhere = meetings.add_part(Resolution, by=staff, meeting=other, item=item, number="1.1", text_th="มติที่อื่น")
    page = desk.post(
        at("part-add", meeting, "assignments"), part_answers("assignments", parts, agency, resolution=elsewhere.pk)
    )
    assert (page.status_code, errors(page)) == (400, ["resolution"])
    assert "มติที่อื่น" not in page.content.decode()
    page = desk.get(f"{at('part-add', meeting, 'assignments')}?under={elsewhere.pk}")
    assert page.context["form"].initial == {}


def test_work_asked_by_the_meeting_as_a_whole_has_no_resolution(desk, meeting, parts, agency):
    desk.post(at("part-add", meeting, "assignments"), part_answers("assignments", parts, agency, resolution=""))
    assert Assignment.objects.order_by("pk").last().resolution is None


def test_a_new_row_begins_where_it_is_added(desk, meeting, parts):
    item, resolution = parts["agenda"], parts["resolutions"]
    begun = {
        f"{at('part-add', meeting, 'agenda')}": {"number": "2"},
        f"{at('part-add', meeting, 'agenda')}?under={item.pk}": {"number": "1.2", "parent": item.pk},
        f"{at('part-add', meeting, 'resolutions')}?under={item.pk}": {"number": "1.2", "item": item.pk},
        f"{at('part-add', meeting, 'assignments')}?under={resolution.pk}": {"resolution": resolution.pk},
        f"{at('part-add', meeting, 'resolutions')}": {},
        f"{at('part-add', meeting, 'resolutions')}?under={'9' * 40}": {},
        f"{at('part-add', meeting, 'resolutions')}?under=๑x": {},
        f"{at('part-add', meeting, 'people')}?under={item.pk}": {},
    }
    assert {page: desk.get(page).context["form"].initial for page in begun} == begun


@pytest.mark.parametrize("rows", [1, 10])
@pytest.mark.parametrize(("kind", "queries"), [("agenda", 8), ("resolutions", 8), ("assignments", 7), ("people", 4)])
def test_the_form_of_a_part_asks_the_same_of_the_database(
    desk, staff, meeting, agency, kind, queries, rows, django_assert_num_queries
):
    fill(staff, meeting, agency, rows)
    under = Resolution.objects.first() if kind == "assignments" else AgendaItem.objects.first()
    with django_assert_num_queries(queries):
        desk.get(f"{at('part-add', meeting, kind)}?under={under.pk}")


def test_removing_an_item_says_what_goes_with_it(desk, meeting, parts):
    item, resolution, assignment = (parts[kind] for kind in ("agenda", "resolutions", "assignments"))
    page = desk.get(at("part-remove", meeting, "agenda", item.pk))
    assert page.context["along"] == [resolution, assignment]
    assert str(resolution) in page.content.decode()
    # who was not told, is told first
    answer = desk.post(at("part-remove", meeting, "agenda", item.pk), follow=True)
    assert answer.redirect_chain == [(at("part-remove", meeting, "agenda", item.pk), 302)]
    assert AgendaItem.objects.count() == 1
    answer = desk.post(page.context["url"])
    assert answer["Location"] == f"{at('detail', meeting)}#agenda"
    assert [model.objects.count() for model in (AgendaItem, Resolution, Assignment)] == [0, 0, 0]


def test_what_was_answered_is_not_removed(desk, staff, reporter, meeting, parts):
    assignments.answer(parts["assignments"], by=reporter, text="ทำแล้ว")
    page = at("part-remove", meeting, "assignments", parts["assignments"].pk)
    answer = desk.post(page, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert Assignment.objects.count() == 1


def test_demonstration_data_is_marked(desk, staff, meeting, parts):
    plain = desk.get(at("detail", meeting)).content.decode()
    Assignment.objects.update(demo=True)
    marked = desk.get(at("detail", meeting)).content.decode()
    assert [html.count("tag demo") for html in (plain, marked)] == [0, 1]


def test_a_hidden_meeting_stays_on_the_desk(desk, staff, meeting):
    publishing.hide(meeting, by=staff)
    assert desk.get(at("detail", meeting)).status_code == 200
