"""Writing the minutes: one item at a time, its papers, its resolutions, the matters arising and their way back."""

import datetime as dt
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency
from projects.models import AgendaItem, Assignment, FollowUp, Meeting, Paper, Resolution
from projects.rules import agenda, assignments, decisions, followups, meetings, phases, series
from tests import factories
from tests.desk.test_agenda import many
from tests.govlab.corpus import HTML, JPG, pdf

TODAY = timezone.localdate


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


@pytest.fixture
def body(staff):
    return series.add(by=staff, key="body", name_th="คณะ", name_en="Body")


@pytest.fixture
def meeting(staff, body):
    """The first meeting of the body, held."""
    return meetings.add(
        by=staff, prefill=True, series=body, kind="committee", starts_on=TODAY() - dt.timedelta(days=40)
    )


@pytest.fixture
def work(staff, agency, meeting):
    """What a resolution of the first meeting asks of the agency."""
    item = meeting.agenda.get(kind="considered")
    resolution = meetings.add_part(Resolution, by=staff, meeting=meeting, item=item, text_th="เห็นชอบ")
    return meetings.add_part(
        Assignment, by=staff, meeting=meeting, resolution=resolution, agency=agency, text_th="ขอให้ศึกษา"
    )


@pytest.fixture
def following(staff, body, work):
    """The second meeting, today, still to come."""
    return meetings.add(by=staff, prefill=True, series=body, kind="committee", starts_on=TODAY())


@pytest.fixture
def matter(staff, following):
    """The follow-up of the second meeting, which is being held."""
    phases.hold(following, by=staff)
    return FollowUp.objects.get(meeting=following)


def page_of(item, anchor=""):
    return reverse("desk:meeting-item", args=[item.meeting.key, item.pk]) + anchor


def matter_page(follow_up):
    return reverse("desk:follow-up", args=[follow_up.meeting.key, follow_up.pk])


def answers_of(item, **changes):
    """A filled-in form of an item."""
    return {
        "title_th": item.title_th,
        "title_en": item.title_en,
        "kind": item.kind,
        "shown": item.shown,
        "discussion": "ที่ประชุมรับทราบ",
        "version": item.version,
        "form_key": uuid.uuid4().hex,
        **changes,
    }


def errors(page):
    return sorted(page.context["form"].errors)


def first(meeting):
    return meeting.agenda.get(position=1)


# --- one item --------------------------------------------------------------------------------------------------------
def test_the_item_is_written_with_all_that_is_known_of_it(desk, meeting, agency, project):
    item = first(meeting)
    typed = answers_of(item, presented_by=agency.pk, presenter="น" * 300, projects=[project.pk], shown="3")
    assert desk.post(page_of(item), typed)["Location"] == page_of(item)
    item.refresh_from_db()
    assert (item.discussion, item.presented_by, item.presenter, item.shown) == (
        "ที่ประชุมรับทราบ",
        agency,
        "น" * 300,
        3,
    )
    assert list(item.projects.all()) == [project]


def test_the_second_button_saves_and_goes_on_to_the_next_item(desk, meeting):
    items = list(meeting.agenda.order_by("position"))
    assert desk.post(page_of(items[0]), answers_of(items[0], verb="next"))["Location"] == page_of(items[1])
    assert desk.post(page_of(items[-1]), answers_of(items[-1], verb="next"))["Location"] == page_of(items[-1])
    page = desk.get(page_of(items[1]))
    assert (page.context["previous"].pk, page.context["following"].pk) == (items[0].pk, items[2].pk)


def test_the_whole_agenda_stands_beside_it_with_what_is_written(desk, staff, meeting, work):
    item = first(meeting)
    desk.post(page_of(item), answers_of(item))
    page = desk.get(page_of(item))
    rows = [row.item for row in page.context["rows"]]
    written, resolved = (
        [row.number for row in rows if mark(row)] for mark in (lambda r: r.written, lambda r: r.resolved)
    )
    assert ([row.number for row in rows], written, resolved) == (["1", "2", "3", "4", "5"], ["1"], ["4"])


def test_two_people_write_two_items_at_once(desk, client, staff, other_staff, meeting):
    one, two = meeting.agenda.order_by("position")[:2]
    opened = {item.pk: desk.get(page_of(item)).context["version"] for item in (one, two)}
    assert desk.post(page_of(one), answers_of(one, version=opened[one.pk], discussion="ก")).status_code == 302
    client.force_login(other_staff)
    assert client.post(page_of(two), answers_of(two, version=opened[two.pk], discussion="ข")).status_code == 302
    assert [item.discussion for item in meeting.agenda.order_by("position")[:2]] == ["ก", "ข"]


def test_moving_items_disturbs_nobody_who_writes(desk, staff, other_staff, meeting):
    one, two = meeting.agenda.order_by("position")[:2]
    opened = {item.pk: desk.get(page_of(item)).context["version"] for item in (one, two)}
    agenda.move(two, by=other_staff, to="up")
    agenda.move(AgendaItem.objects.get(pk=one.pk), by=other_staff, to="in")
    for item in (one, two):
        assert desk.post(page_of(item), answers_of(item, version=opened[item.pk])).status_code == 302
    stands = AgendaItem.objects.filter(pk__in=[one.pk, two.pk]).order_by("number")
    assert [(row.pk, row.number, row.discussion) for row in stands] == [
        (two.pk, "1", "ที่ประชุมรับทราบ"),
        (one.pk, "1.1", "ที่ประชุมรับทราบ"),
    ]


def test_a_stale_save_keeps_both_versions(desk, staff, meeting):
    item = first(meeting)
    meetings.edit_part(item, by=staff, version=item.version, discussion="ของเขา")
    page = desk.post(page_of(item), answers_of(item, version=item.version - 1, discussion="ของฉัน"))
    assert (page.status_code, "ของเขา" in page.content.decode()) == (409, True)
    assert page.context["form"]["discussion"].value() == "ของฉัน"
    again = answers_of(item, version=page.context["version"], discussion="ของเราทั้งสอง")
    assert desk.post(page_of(item), again).status_code == 302


def test_what_is_typed_is_kept_for_each_item(desk, meeting):
    one, two = meeting.agenda.order_by("position")[:2]
    for item, text in ((one, "ค้างไว้หนึ่ง"), (two, "ค้างไว้สอง")):
        typed = answers_of(item, discussion=text)
        assert desk.post(page_of(item), typed, headers={"x-autosave": "1;after=0"}).json()["kept"] is True
    found = [desk.get(page_of(item)).context["form"].initial["discussion"] for item in (one, two)]
    assert found == ["ค้างไว้หนึ่ง", "ค้างไว้สอง"]
    assert {item.discussion for item in meeting.agenda.all()} == {""}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title_th": ""}, ["title_th"]),
        ({"title_th": "ก" * 5000}, ["title_th"]),
        ({"discussion": "ก" * 20_001}, ["discussion"]),
        ({"discussion": "ก\x00"}, ["discussion"]),
        ({"presenter": "ก" * 301}, ["presenter"]),
        ({"presented_by": "9" * 40}, ["presented_by"]),
        ({"shown": "7"}, ["shown"]),
    ],
)
def test_a_bad_answer_is_a_sentence_at_its_field_and_nothing_is_lost(desk, meeting, changes, fields):
    item = first(meeting)
    typed = answers_of(item, **changes)
    page = desk.post(page_of(item), typed)
    assert (page.status_code, errors(page)) == (400, fields)
    form = page.context["form"]
    names = ("title_th", "discussion")
    assert {name: form[name].value() for name in names} == {name: typed[name] for name in names}
    assert f"<h1>{item.number} {item.title_th}</h1>" in page.content.decode()


def test_an_agency_that_is_gone_is_said_at_its_field(desk, staff, meeting):
    gone, item = factories.make_agency(staff), first(meeting)
    Agency.objects.filter(pk=gone.pk).delete()
    page = desk.post(page_of(item), answers_of(item, presented_by=gone.pk))
    assert (page.status_code, errors(page)) == (400, ["presented_by"])


def test_what_shows_more_than_the_item_above_is_said_at_its_field(desk, staff, meeting):
    above = first(meeting)
    below = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="ย่อย", parent=above)
    page = desk.post(page_of(below), answers_of(below, shown="3"))
    assert (page.status_code, errors(page)) == (400, ["shown"])


def test_an_item_of_another_meeting_is_not_found(desk, staff, meeting):
    elsewhere = meetings.add_part(AgendaItem, by=staff, meeting=factories.make_meeting(staff), title_th="ที่อื่น")
    page = reverse("desk:meeting-item", args=[meeting.key, elsewhere.pk])
    assert [desk.get(page).status_code, desk.post(page).status_code] == [404, 404]


def test_adopted_minutes_are_read_and_no_more(desk, staff, meeting, work):
    item = first(meeting)
    meetings.edit_part(item, by=staff, version=item.version, discussion="พูดกันแล้ว")
    phases.finish(meeting, by=staff)
    phases.adopt(Meeting.objects.get(), by=staff, adopted_on=TODAY())
    html = desk.get(page_of(item)).content.decode()
    assert ("พูดกันแล้ว" in html, 'name="discussion"' in html, "/add/" in html) == (True, False, False)
    item.refresh_from_db()
    page = desk.post(page_of(item), answers_of(item, discussion="แก้ทีหลัง"))
    assert (page.status_code, page.context["form"]["discussion"].value()) == (400, "แก้ทีหลัง")
    item.refresh_from_db()
    assert item.discussion == "พูดกันแล้ว"


def test_nobody_but_staff_reads_or_writes_here(client, sign_in, reporter, meeting, matter):
    pages = [page_of(first(meeting)), matter_page(matter)]
    assert [client.get(page).status_code for page in pages] == [302, 302]
    sign_in(reporter)
    assert [(client.get(page).status_code, client.post(page).status_code) for page in pages] == [(403, 403)] * 2


# --- papers ----------------------------------------------------------------------------------------------------------
def file(name="เอกสาร น้ำฝน.pdf", content=None):
    return SimpleUploadedFile(name, content or pdf())


def test_several_papers_come_with_the_item_and_keep_their_bytes(desk, meeting):
    item = first(meeting)
    desk.post(page_of(item), answers_of(item, attach=[file(), file("ภาพ.jpg", JPG)]))
    names = [paper.name for paper in Paper.objects.order_by("name")]
    assert names == ["ภาพ.jpg", "เอกสาร น้ำฝน.pdf"]
    html = desk.get(page_of(item)).content.decode()
    for paper in Paper.objects.all():
        address = reverse("public:evidence", args=[paper.pk])
        assert f'href="{address}"' in html
    kept = desk.get(reverse("public:evidence", args=[Paper.objects.get(kind="pdf").pk]))
    assert b"".join(kept.streaming_content) == pdf()


def test_a_refused_paper_is_told_and_the_good_one_stays_attached(desk, meeting):
    item = first(meeting)
    page = desk.post(page_of(item), answers_of(item, attach=[file(), file("ปลอม.jpg", HTML)]))
    assert (page.status_code, errors(page), Paper.objects.count()) == (400, ["attach"], 0)
    token = re.search(r'name="attach-kept"\s+value="([^"]+)"', page.content.decode())[1]
    desk.post(page_of(item), answers_of(item, **{"attach-kept": [token]}))
    assert [paper.name for paper in item.papers.all()] == ["เอกสาร น้ำฝน.pdf"]


def test_the_same_paper_is_attached_once(desk, meeting):
    item = first(meeting)
    for _time in range(2):
        item.refresh_from_db()
        assert desk.post(page_of(item), answers_of(item, attach=[file()])).status_code == 302
    assert Paper.objects.count() == 1


def test_a_paper_is_taken_out_after_a_question(desk, staff, meeting):
    item = first(meeting)
    desk.post(page_of(item), answers_of(item, attach=[file()]))
    paper = Paper.objects.get()
    page = reverse("desk:paper-remove", args=[meeting.key, paper.pk])
    assert paper.name in desk.get(page).content.decode()
    key = {"form_key": uuid.uuid4().hex}
    assert [desk.post(page, key)["Location"] for _click in range(2)] == [page_of(item, "#papers")] * 2
    assert Paper.objects.count() == 0
    other = reverse("desk:paper-remove", args=[factories.make_meeting(staff).key, paper.pk])
    assert desk.get(other).status_code == 404


# --- resolutions -----------------------------------------------------------------------------------------------------
def test_after_a_resolution_is_saved_its_work_is_the_next_step(desk, meeting):
    item = meeting.agenda.get(kind="considered")
    add = reverse("desk:meeting-part-add", args=[meeting.key, "resolutions"])
    typed = {"item": item.pk, "text_th": "เห็นชอบ", "form_key": "1"}
    page = desk.post(f"/en{add}?under={item.pk}", typed, follow=True)
    made = Resolution.objects.get()
    work = reverse("desk:meeting-part-add", args=[meeting.key, "assignments"])
    html = page.content.decode()
    assert re.search(rf'class="btn plain small"\s+href="/en{work}\?under={made.pk}"', html)
    assert html.count('class="btn"') == 1  # saving the item is the one main thing
    assert [str(message) for message in page.context["messages"]] == [f"Resolution {made.number} is saved."]


def test_adding_a_resolution_saves_first_what_was_typed(desk, meeting):
    item = first(meeting)
    add = reverse("desk:meeting-part-add", args=[meeting.key, "resolutions"])
    assert desk.post(page_of(item), answers_of(item, verb="resolve"))["Location"] == f"{add}?under={item.pk}"
    item.refresh_from_db()
    assert item.discussion == "ที่ประชุมรับทราบ"


def test_one_resolution_is_typed_and_saved_with_the_item(desk, meeting):
    item = first(meeting)
    typed = answers_of(item, resolution="  เห็นชอบตามเสนอ ")
    made = [desk.post(page_of(item), typed)["Location"] for _click in range(2)]
    (row,) = Resolution.objects.all()
    assert (made, row.text_th, row.item) == ([page_of(item, f"?saved={row.pk}")] * 2, "เห็นชอบตามเสนอ", item)
    item.refresh_from_db()
    desk.post(page_of(item), answers_of(item, resolution=" "))
    assert Resolution.objects.count() == 1


def test_what_was_typed_before_does_not_open_what_is_folded(desk, meeting):
    item = first(meeting)
    desk.post(page_of(item), answers_of(item), headers={"x-autosave": "1;after=0"})
    page = desk.get(page_of(item))
    assert (bool(page.context["autosave"]["since"]), "<details" in page.content.decode()) == (True, True)
    assert re.search(r"<details[^>]*\sopen", page.content.decode()) is None


def test_the_item_shows_what_it_resolved_and_asked_and_where_that_came_up_again(desk, meeting, work, matter):
    page = desk.get(page_of(work.resolution.item))
    (row,) = page.context["decided"]
    assert (row.resolution, [asked.assignment for asked in row.asked]) == (work.resolution, [work])
    back = f"{page_of(matter.item)}#matter-{matter.pk}"
    html = page.content.decode()
    assert f'href="{back}"' in html
    assert reverse("desk:assignment-detail", args=[work.pk]) in html


# --- matters arising -------------------------------------------------------------------------------------------------
def test_an_open_matter_shows_where_it_is_from_and_all_that_happened_since(
    desk, staff, reporter, meeting, work, following, matter
):
    assignments.answer(Assignment.objects.get(pk=work.pk), by=reporter, text="ศึกษาแล้วครึ่งหนึ่ง", percent=50)
    phases_before = Meeting.objects.get(pk=following.pk).held_at
    page = desk.get(page_of(matter.item))
    (found,) = page.context["matters"]
    assert (found.origin, found.assignment, page.context["before"]) == (meeting, work, meeting)
    assert {row.verb for row in found.happened} == {"give"}  # what came after the meeting was not known to it
    assert all(row.when <= phases_before for row in found.happened)
    origin = reverse("desk:meeting-detail", args=[meeting.key])
    assert f'href="{origin}#assignments-{work.pk}"' in page.content.decode()


def test_before_the_meeting_everything_until_now_is_known(desk, reporter, work, following):
    assignments.answer(Assignment.objects.get(pk=work.pk), by=reporter, text="ศึกษาแล้วครึ่งหนึ่ง", percent=50)
    back = FollowUp.objects.get(meeting=following)
    (found,) = desk.get(page_of(back.item)).context["matters"]
    assert [(row.verb, row.text) for row in found.happened] == [("answer", "ศึกษาแล้วครึ่งหนึ่ง"), ("give", "")]
    page = desk.get(matter_page(back))
    assert ("form" in page.context, page.context["refusal"][:14]) == (False, "ยังไม่ถึงวันปร")


def test_what_the_meeting_said_is_written_down(desk, matter):
    typed = {"note": "ขอให้เร่งรัด", "closing": "", "version": matter.version, "verb": "save", "form_key": "1"}
    answer = desk.post(matter_page(matter), typed)
    assert answer["Location"] == page_of(matter.item, f"#matter-{matter.pk}")
    matter.refresh_from_db()
    assert (matter.note, matter.assignment.state) == ("ขอให้เร่งรัด", "open")
    assert "ขอให้เร่งรัด" in desk.get(page_of(matter.item)).content.decode()


def closing(matter, **changes):
    return {
        "note": "พอใจแล้ว",
        "closing": "ได้ผลครบถ้วน",
        "version": matter.version,
        "asked_version": Assignment.objects.get(pk=matter.assignment_id).version,
        "verb": "close",
        "form_key": uuid.uuid4().hex,
        **changes,
    }


def test_the_meeting_closes_it_and_it_says_where(desk, following, matter, work):
    desk.post(matter_page(matter), closing(matter))
    work.refresh_from_db()
    matter.refresh_from_db()
    assert (work.state, work.closed_in, work.closing_note, matter.note) == (
        "closed",
        following,
        "ได้ผลครบถ้วน",
        "พอใจแล้ว",
    )
    (found,) = desk.get(page_of(matter.item)).context["matters"]
    assert found.closed_here is True
    page = desk.get(matter_page(matter))
    assert ("closing" in page.context["form"].fields, "ได้ผลครบถ้วน" in page.content.decode()) == (False, True)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"closing": ""}, ["closing"]),
        ({"closing": " "}, ["closing"]),
        ({"verb": "save"}, ["closing"]),
        ({"note": "ก" * 5001}, ["note"]),
        ({"closing": "ก" * 5001}, ["closing"]),
        ({"asked_version": "0"}, ["__all__"]),
        ({"asked_version": "x"}, ["__all__"]),
    ],
)
def test_what_cannot_be_closed_so_keeps_what_was_typed(desk, matter, work, changes, fields):
    typed = closing(matter, **changes)
    page = desk.post(matter_page(matter), typed)
    assert (page.status_code, errors(page)) == (400, fields)
    form = page.context["form"]
    assert (form["note"].value(), form["closing"].value()) == (typed["note"], typed["closing"])
    work.refresh_from_db()
    matter.refresh_from_db()
    assert (work.state, matter.note) == ("open", "")


def test_what_was_closed_meanwhile_is_said_and_the_words_stay(desk, staff, matter, work):
    typed = closing(matter)
    decisions.close(Assignment.objects.get(pk=work.pk), by=staff, note="ปิดไปก่อน")
    page = desk.post(matter_page(matter), typed)
    assert (page.status_code, page.context["form"]["closing"].value()) == (400, "ได้ผลครบถ้วน")
    work.refresh_from_db()
    assert (work.closing_note, work.closed_in) == ("ปิดไปก่อน", None)


def test_a_stale_note_keeps_both_versions_and_closes_nothing(desk, staff, matter, work):
    typed = closing(matter)
    followups.note(matter, by=staff, version=matter.version, note="ของเขา")
    page = desk.post(matter_page(matter), typed)
    assert (page.status_code, "ของเขา" in page.content.decode()) == (409, True)
    work.refresh_from_db()
    assert work.state == "open"


def test_the_adoption_item_names_the_minutes_and_leads_to_adopting_them(desk, staff, meeting, following):
    phases.finish(meeting, by=staff)
    phases.hold(following, by=staff)
    item = following.agenda.get(kind="adoption")
    html = desk.get(page_of(item)).content.decode()
    address = reverse("desk:meeting-adopt", args=[meeting.key])
    assert f'href="{address}?in={following.key}"' in html
    typed = answers_of(item, adopts="")
    assert desk.post(page_of(item), typed).status_code == 302
    item.refresh_from_db()
    assert item.adopts is None


# --- how much is asked of the database -------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [20, 500])
def test_the_item_asks_the_same_of_the_database_however_long_the_agenda(
    desk, staff, agency, rows, django_assert_num_queries
):
    meeting = factories.make_meeting(staff, kind="committee", published=False)
    items = many(staff, meeting, agency, rows)
    with django_assert_num_queries(14):
        page = desk.get(page_of(items[0]))
    assert len(page.context["rows"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_matters_ask_the_same_of_the_database_for_one_and_for_three(
    desk, staff, agency, body, meeting, rows, django_assert_num_queries
):
    for _row in range(rows):
        factories.make_assignment(staff, agency, meeting=meeting)
    following = meetings.add(by=staff, prefill=True, series=body, kind="committee", starts_on=TODAY())
    with django_assert_num_queries(21):
        page = desk.get(page_of(following.agenda.get(kind="arising")))
    assert len(page.context["matters"]) == rows
