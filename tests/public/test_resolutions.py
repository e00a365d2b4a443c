"""The public ledger: what published meetings resolved, how it is filtered, and the whole life of one resolution."""

import datetime as dt

import pytest

from agencies.models import Source
from agencies.rules import records
from govlab.history import keep
from projects.models import AgendaItem, Assignment, MeetingSeries, Resolution, Shown
from projects.rules import decisions, followups, meetings, phases, publishing
from projects.rules.meetings import add_part
from tests import factories

pytestmark = pytest.mark.django_db
DUE = dt.date(2021, 12, 31)
"""Long past."""


def moment(month, day):
    return dt.datetime(2021, month, day, 12, tzinfo=dt.UTC)


@pytest.fixture
def series(staff):
    return records.add(MeetingSeries, by=staff, key="sub", name_th="อ.ก.พ.ร.", name_en="Sub-commission")


def make_committee(staff, series, number, month):
    """A meeting that is still to come, of which documents will tell."""
    source = records.add(Source, by=staff, key=f"report-{number}", title_th="รายงาน")
    day = dt.date(2021, month, 20)
    return meetings.add(
        by=staff, now=moment(month, 1), kind="committee", key=f"sub-{number}", series=series, number=number, year=2564,
        starts_on=day, sources=[source],
    )  # fmt: skip


def resolve(staff, meeting, text="มติ", shown=Shown.RESOLUTIONS, title="", **answers):
    """A resolution under an item of its own."""
    item = add_part(AgendaItem, by=staff, meeting=meeting, title_th=title or f"วาระ {text}", shown=shown)
    return add_part(Resolution, by=staff, meeting=meeting, item=item, text_th=text, **answers)


def ask(staff, resolution, agency, **answers):
    values = {"agency": agency, "text_th": "ให้ศึกษา", **answers}
    return add_part(Assignment, by=staff, meeting=resolution.meeting, resolution=resolution, **values)


def hold(staff, meeting, month):
    meeting.refresh_from_db()
    meeting = phases.hold(meeting, by=staff, now=moment(month, 21))
    return publishing.publish(meeting, by=staff)


def texts_of(page):
    return [(group.meeting.key, [row.resolution.text_th for row in group.decided]) for group in page.context["rows"]]


def test_the_newest_meeting_stands_first_and_its_resolutions_in_the_order_of_their_numbers(client, staff, series):
    for number, month in ((1, 3), (2, 5)):
        meeting = make_committee(staff, series, number, month)
        for n in range(1, 12):
            resolve(staff, meeting, f"มติ {number}.{n}")
        hold(staff, meeting, month)
    page = client.get("/resolutions/")
    assert texts_of(page) == [(f"sub-{k}", [f"มติ {k}.{n}" for n in range(1, 12)]) for k in (2, 1)]
    assert page.context["count"] == 22


def test_what_is_no_draft_and_was_held_and_is_shown_stands_in_the_ledger(client, staff, series, agency):
    meeting = factories.make_meeting(staff)
    kept = resolve(staff, meeting, "เห็นได้")
    unseen = [resolve(staff, meeting, "ลับ", shown=Shown.TITLE, title="หัวข้อ")]
    unseen.append(resolve(staff, factories.make_meeting(staff, published=False), "ร่าง"))
    unseen.append(resolve(staff, make_committee(staff, series, 1, 3), "ยังไม่ประชุม"))
    hidden = factories.make_meeting(staff)
    unseen.append(resolve(staff, hidden, "ซ่อน"))
    publishing.hide(hidden, by=staff)
    for row in (kept, *unseen):
        ask(staff, row, agency, text_th=f"งานของ{row.text_th}")
    page = client.get("/resolutions/")
    assert texts_of(page) == [(meeting.key, ["เห็นได้"])]
    assert [n for _state, _label, n in page.context["counts"]] == [1, 0, 1, 0, 0]
    for row in unseen:
        assert client.get(f"/resolutions/{row.pk}/").status_code == 404
        assert row.text_th not in client.get(f"/agencies/{agency.key}/").text
        groups = client.get("/search/", {"q": row.text_th}).context["found"].groups
        assert row.text_th not in [hit.title_th for group in groups for hit in group.hits]
    assert client.get(f"/resolutions/{kept.pk}/").status_code == 200


def test_the_ledger_is_filtered_by_words_series_agency_project_and_state(
    client, staff, series, agency, other_agency, project
):
    first = make_committee(staff, series, 1, 3)
    titles = {"ข": "ลงพื้นที่"}
    asked, concerned, nothing, done, about = (
        resolve(staff, first, text, title=titles.get(text, "")) for text in ("ก", "ข", "ค", "ง", "จ")
    )
    ask(staff, asked, agency, text_th="ให้ศึกษาน้ำ", due_on=DUE)
    keep(concerned, "edit", by=staff, concerns=[agency])
    ask(staff, about, other_agency, partners=[agency], projects=[project])
    item = nothing.item
    item.refresh_from_db()
    meetings.edit_part(item, by=staff, version=item.version, projects=[project])
    work = ask(staff, done, other_agency)
    hold(staff, first, 3)
    conference = factories.make_meeting(staff, starts_on=dt.date(2021, 6, 1))
    resolve(staff, conference, "ฉ")
    work.refresh_from_db()
    decisions.close(work, by=staff, note="เสร็จ")

    def found(**query):
        page = client.get("/resolutions/", query)
        return "".join(sorted(text for _key, texts in texts_of(page) for text in texts))

    assert found() == "กขคงจฉ"
    assert (found(q="น้ำ"), found(q="พื้นที่"), found(q="ไม่มีที่ไหน")) == ("ก", "ข", "")
    assert found(series="sub") == "กขคงจ"
    assert found(agency=agency.key) == "กขจ"
    assert found(project=project.code) == "คจ"
    states = {state: found(state=state) for state in ("none", "open", "late", "done")}
    assert states == {"none": "ขคฉ", "open": "กจ", "late": "ก", "done": "ง"}
    assert (found(agency=agency.key, state="open"), found(series="sub", state="none")) == ("กจ", "ขค")
    page = client.get("/resolutions/", {"series": "sub", "state": "late"})
    assert [n for _state, _label, n in page.context["counts"]] == [5, 2, 2, 1, 1]
    assert page.context["count"] == 1
    assert 'href="?series=sub&amp;state=done"' in page.text


def test_a_project_that_is_hidden_is_no_choice_and_its_resolutions_are_not_found_by_it(client, staff, agency):
    secret = factories.make_project(staff, owner=agency, published=False)
    row = resolve(staff, factories.make_meeting(staff))
    ask(staff, row, agency, projects=[secret])
    page = client.get("/en/resolutions/", {"project": secret.code})
    assert "is not in the list" in page.text
    assert secret.title_th not in client.get(f"/resolutions/{row.pk}/").text


@pytest.mark.parametrize("n", [1, 3])
def test_the_ledger_costs_eight_queries_however_much_was_resolved(
    client, staff, agency, other_agency, n, django_assert_num_queries
):
    for _meeting in range(n):
        meeting = factories.make_meeting(staff)
        for _row in range(n):
            row = resolve(staff, meeting, concerns=[agency])
            done = ask(staff, row, agency, partners=[other_agency], due_on=DUE)
            later = factories.make_meeting(staff)
            keep(done, "close", by=staff, state="closed", closed_in=later)  # each by another meeting
            add_part(Assignment, by=staff, meeting=meeting, agency=agency, partners=[other_agency], text_th="จัดสัมมนา")
    with django_assert_num_queries(8):
        page = client.get("/resolutions/")
    assert page.context["count"] == n * n


def test_what_a_meeting_asks_as_a_whole_stands_last_and_is_filtered_with_the_rest(
    client, staff, series, agency, other_agency, project
):
    meeting = make_committee(staff, series, 1, 3)
    ask(staff, resolve(staff, meeting), agency)
    plain = {"by": staff, "meeting": meeting, "agency": other_agency}
    late = add_part(Assignment, **plain, text_th="จัดสัมมนา", due_on=DUE, partners=[agency])
    done = add_part(Assignment, **plain, text_th="ทำหนังสือ", projects=[project])
    hold(staff, meeting, 3)
    done.refresh_from_db()
    decisions.close(done, by=staff, note="เสร็จ")
    draft = make_committee(staff, series, 2, 5)
    add_part(Assignment, by=staff, meeting=draft, agency=agency, text_th="ร่างงาน")
    alone = factories.make_meeting(staff)
    third = add_part(Assignment, by=staff, meeting=alone, agency=other_agency, text_th="งานเดี่ยว")

    def found(**query):
        page = client.get("/resolutions/", query)
        assert page.context["count_whole"] == sum(len(group.asked) for group in page.context["rows"])
        return [row.assignment for group in page.context["rows"] for row in group.asked]

    assert found() == [late, done, third]
    assert (found(q="สัมมนา"), found(series="sub"), found(agency=agency.key)) == ([late], [late, done], [late])
    assert (found(project=project.code), found(q="ไม่มี")) == ([done], [])
    assert [found(state=state) for state in ("none", "open", "late", "done")] == [[], [late, third], [late], [done]]
    page = client.get("/resolutions/", {"series": "sub"})
    assert [n for _state, _label, n in page.context["counts"]] == [3, 0, 2, 1, 1]
    assert (f'id="assignment-{late.pk}"' in page.text, "<h3>มอบหมายโดยที่ประชุม</h3>" in page.text) == (True, True)
    assert client.get("/resolutions/", {"series": "x"}).status_code == 200


def test_a_resolution_says_how_it_stands_and_only_what_was_closed_has_a_result(client, life, staff, agency):
    row = resolve(staff, factories.make_meeting(staff))
    ask(staff, row, agency)
    headings = [("<h2>" in text, "What became of this" in text, "How it stands" in text) for text in (
        client.get(f"/en/resolutions/{pk}/").text for pk in (life.pk, row.pk)
    )]  # fmt: skip
    assert headings == [(True, True, False), (True, False, True)]


def test_the_ledger_is_paged_by_meetings(client, staff):
    for day in range(1, 12):
        resolve(staff, factories.make_meeting(staff, starts_on=dt.date(2019, 1, day)), f"วันที่ {day}")
    assert [len(texts_of(client.get("/resolutions/", {"page": page}))) for page in (1, 2)] == [10, 1]
    assert client.get("/resolutions/", {"page": 3}).status_code == 404


def test_an_empty_ledger_says_what_will_be_here(client):
    assert "No resolution yet" in client.get("/en/resolutions/").text
    assert "No resolution fits" in client.get("/en/resolutions/?q=x").text
    assert 'href="/en/resolutions/"' in client.get("/en/meetings/").text


@pytest.fixture
def life(staff, series, agency, other_agency, project):
    """A resolution that came up at two later meetings, of which the second closed what it asks."""
    first = make_committee(staff, series, 1, 3)
    row = resolve(staff, first, "ตั้งคณะทำงาน", concerns=[other_agency])
    asked = ask(staff, row, agency, partners=[other_agency], projects=[project], due_on=DUE, responsible="คุณลับ")
    hold(staff, first, 3)
    for number, month in ((2, 5), (3, 7)):
        meeting = make_committee(staff, series, number, month)
        hold(staff, meeting, month)
        back = meeting.follow_ups.get()
        followups.note(back, by=staff, version=back.version, note=f"ที่ประชุมครั้งที่ {number} ให้เร่งรัด")
    asked.refresh_from_db()
    meeting.refresh_from_db()
    decisions.close(asked, by=staff, note="หมายเหตุภายใน", meeting=meeting, now=moment(7, 22))
    return row


def test_a_resolution_tells_its_whole_life(client, life, project):
    page = client.get(f"/en/resolutions/{life.pk}/")
    (told,) = page.context["lives"]
    assert [(back.meeting.key, back.note) for back in told.came_up] == [
        ("sub-2", "ที่ประชุมครั้งที่ 2 ให้เร่งรัด"),
        ("sub-3", "ที่ประชุมครั้งที่ 3 ให้เร่งรัด"),
    ]
    assert (told.closed_in.key, told.asked.assignment.state) == ("sub-3", "closed")
    for text in (
        f'href="/en/meetings/sub-1/#resolution-{life.pk}"',
        f'href="/en/meetings/sub-2/#follow-up-{told.came_up[0].pk}"',
        "ที่ประชุมครั้งที่ 3 ให้เร่งรัด",
        project.title_th,
        "Closed at",
    ):
        assert text in page.text
    for secret in ("หมายเหตุภายใน", "คุณลับ"):
        assert secret not in page.text


def test_what_a_meeting_that_is_not_public_said_is_not_told(client, life, staff):
    third = life.meeting.series.meetings.get(key="sub-3")
    second = life.meeting.series.meetings.get(key="sub-2")
    publishing.hide(third, by=staff)
    item = second.follow_ups.get().item
    meetings.edit_part(item, by=staff, version=item.version, shown=Shown.TITLE)
    page = client.get(f"/en/resolutions/{life.pk}/")
    (told,) = page.context["lives"]
    assert (told.came_up, told.closed_in, told.asked.assignment.state) == ([], None, "closed")
    assert [word in page.text for word in ("เร่งรัด", "sub-2", "sub-3")] == [False, False, False]


@pytest.mark.parametrize("n", [1, 3])
def test_a_resolution_costs_four_queries_however_much_it_asks(
    client, staff, agency, other_agency, project, n, django_assert_num_queries
):
    row = resolve(staff, factories.make_meeting(staff), concerns=[agency])
    for _n in range(n):
        ask(staff, row, agency, partners=[other_agency], projects=[project])
    with django_assert_num_queries(4):
        page = client.get(f"/resolutions/{row.pk}/")
    assert len(page.context["lives"]) == n


def test_a_project_and_an_agency_link_to_the_resolutions_about_them(client, life, project, agency, staff):
    hidden = resolve(staff, life.meeting.series.meetings.get(key="sub-2"), "ลับ", shown=Shown.TITLE)
    meetings.edit_part(hidden.item, by=staff, version=hidden.item.version, projects=[project])
    link = f'href="/resolutions/{life.pk}/"'
    page = client.get(f"/projects/{project.code}/")
    assert [row.key for row in page.context["beside"]["resolutions"]] == [str(life.pk)]
    assert (page.text.count(link), client.get(f"/agencies/{agency.key}/").text.count(link)) == (1, 1)
