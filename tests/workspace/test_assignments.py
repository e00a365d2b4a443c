"""What meetings ask of an agency: its answers, with evidence and a percentage; more time; an objection."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, Membership, User
from govlab.thai import format_date
from govlab.workdays import add_working_days
from projects.models import AgendaItem, Answer, AnswerFile, Assignment, Meeting, Project, Resolution
from projects.rules import assignments, decisions, meetings, publishing
from tests.factories import make_agency, make_assignment, make_meeting, make_member, make_project

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
FORMS = ("assignment-detail", "assignment-more-time", "assignment-contest")


def url(assignment: Assignment, form: str = "assignment-detail") -> str:
    return reverse(f"workspace:{form}", args=[assignment.pk])


def day(ahead: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=ahead)


def fresh(assignment: Assignment) -> Assignment:
    return Assignment.objects.get(pk=assignment.pk)


@pytest.fixture
def asked(staff: User, agency: Agency) -> Assignment:
    return told_before(make_assignment(staff, agency, due_on=dt.date(2020, 1, 31)), days=0)


def told_before(assignment: Assignment, days: int = 60) -> Assignment:
    """The assignment as it stands so many days after the agency was told; in 60 the time to contest is long over."""
    Assignment.objects.filter(pk=assignment.pk).update(given_on=day(-days))
    return fresh(assignment)


# --- the answer ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("start", ["", "/en"])
def test_an_agency_answers(sign_in, reporter: User, agency: Agency, asked: Assignment, start: str) -> None:
    client = sign_in(reporter)
    assert client.get(start + url(asked)).status_code == 200
    form = {"text": "รวบรวมแล้ว", "percent": "๖๐ %", "version": asked.version, "form_key": uuid.uuid4().hex}
    for _click in range(2):
        assert client.post(start + url(asked), form).url == start + url(asked)
    answer, now = Answer.objects.get(), fresh(asked)
    assert (answer.text, answer.agency, answer.author, answer.percent) == ("รวบรวมแล้ว", agency, reporter, 60)
    assert (now.state, now.percent) == ("answered", 60)
    assert "รวบรวมแล้ว" in client.get(start + url(asked)).content.decode()


def test_an_agency_gives_an_answer_and_not_an_opinion(sign_in, reporter: User, asked: Assignment) -> None:
    text = sign_in(reporter).get(url(asked)).text
    words = (
        '<h2 class="h3">คำตอบของหน่วยงาน</h2>',
        'type="submit">ส่งคำตอบ</button>',
        "ความเห็นของท่าน",
    )
    assert [word in text for word in words] == [True, True, False]


def test_a_day_of_completion_is_typed_in_the_buddhist_era(sign_in, reporter: User, asked: Assignment) -> None:
    typed = {"text": "เสร็จแล้ว", "done_on": "๑๕ ม.ค. ๒๕๖๓", "version": asked.version}
    assert sign_in(reporter).post(url(asked), typed).status_code == 302
    assert (Answer.objects.get().done_on, fresh(asked).percent) == (dt.date(2020, 1, 15), 100)


def test_files_come_with_the_answer_and_stay_with_a_refused_form(sign_in, reporter: User, asked: Assignment) -> None:
    client, file = sign_in(reporter), SimpleUploadedFile("หลักฐาน.pdf", PDF)
    refused = client.post(url(asked), {"text": "", "attach": file, "version": asked.version})
    [(token, kept)] = refused.context["form"].fields["attach"].widget.kept
    assert (refused.status_code, kept.name, AnswerFile.objects.count()) == (400, "หลักฐาน.pdf", 0)
    sent = {"text": "ตามที่แนบ", "attach-kept": token, "version": asked.version}
    assert client.post(url(asked), sent).status_code == 302
    stored = AnswerFile.objects.get()
    assert (stored.answer, stored.name) == (Answer.objects.get(), "หลักฐาน.pdf")
    address = reverse("public:evidence", args=[stored.pk])
    assert address in client.get(url(asked)).content.decode()
    assert b"".join(client.get(address).streaming_content) == PDF


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"text": ""}, ["text"]),
        ({"text": "   "}, ["text"]),
        ({"text": "ก" * 5001}, ["text"]),
        ({"text": "มี\x00อยู่"}, ["text"]),
        ({"percent": "101"}, ["percent"]),
        ({"percent": "-1"}, ["percent"]),
        ({"percent": "ครึ่งหนึ่ง"}, ["percent"]),
        ({"percent": "60.5"}, ["percent"]),
        ({"percent": "9" * 5000}, ["percent"]),
        ({"percent": "60", "done_on": "15/1/2563"}, ["percent"]),
        ({"done_on": "32/1/2563"}, ["done_on"]),
        ({"done_on": "1/1/2643"}, ["done_on"]),
    ],
)
def test_a_bad_answer_is_a_sentence_at_its_field(sign_in, reporter, asked: Assignment, typed, fields) -> None:
    response = sign_in(reporter).post(url(asked), {"text": "ทำแล้ว", "version": asked.version} | typed)
    assert (response.status_code, list(response.context["form"].errors)) == (400, fields)
    assert not Answer.objects.exists()
    assert f'value="{typed.get("percent", "")[:20]}' in response.content.decode()  # as it was typed


def test_files_for_which_the_agency_has_no_room_are_refused_at_their_field(sign_in, reporter, agency, asked) -> None:
    Agency.objects.filter(pk=agency.pk).update(quota_mb=0)
    typed = {"text": "ทำแล้ว", "attach": SimpleUploadedFile("a.pdf", PDF), "version": asked.version}
    response = sign_in(reporter).post(url(asked), typed)
    assert (response.status_code, list(response.context["form"].errors)) == (400, ["attach"])
    assert (Answer.objects.count(), fresh(asked).state) == (0, "open")


def test_an_answer_to_what_was_answered_meanwhile_is_kept_and_shows_what_came_in(
    sign_in, reporter, lead, staff, asked: Assignment
) -> None:
    assignments.answer(asked, by=lead, text="ก่อนหน้า")
    version = fresh(asked).version
    decisions.send_back(fresh(asked), by=staff, reason="ขอตัวเลข")
    assignments.answer(fresh(asked), by=lead, text="ของหัวหน้า")
    client, typed = sign_in(reporter), {"text": "ของผู้รายงาน", "percent": "30", "version": version}
    response = client.post(url(asked), typed)
    assert (response.status_code, response.context.get("compare")) == (409, None)
    assert [(step.verb, step.text) for step in response.context["came_in"]] == [
        ("answer", "ของหัวหน้า"),
        ("send_back", "ขอตัวเลข"),
    ]
    assert "ของผู้รายงาน" in response.content.decode()
    again = client.post(url(asked), {**typed, "version": response.context["version"]})
    assert (again.status_code, Answer.objects.filter(text="ของผู้รายงาน").count()) == (302, 1)


def test_what_is_asked_stands_on_its_page(sign_in, reporter: User, staff: User, agency, project: Project) -> None:
    other = make_project(staff, owner=make_agency(staff))
    draft = make_project(staff, owner=make_agency(staff), published=False)
    meeting = make_meeting(staff, published=False)
    item = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="เรื่องเพื่อพิจารณา")
    resolution = meetings.add_part(Resolution, by=staff, meeting=meeting, item=item, text_th="มติให้ขยายผล")
    asked = make_assignment(
        staff,
        agency,
        meeting=meeting,
        resolution=resolution,
        projects=[project, other, draft],
        responsible="คุณสมศรี ผู้อำนวยการกอง",
        starts_on=day(1),
        due_on=day(4),
    )
    page = sign_in(reporter).get(url(asked))
    text = page.content.decode()
    assert [address for _project, address in page.context["projects"]] == [
        reverse("workspace:project-detail", args=[project.code]),
        reverse("public:project-detail", args=[other.code]),
    ]
    meeting_page = reverse("public:meeting-detail", args=[meeting.key])
    assert ("มติให้ขยายผล" in text, "คุณสมศรี ผู้อำนวยการกอง" in text, meeting_page in text) == (True, True, False)
    assert (page.context["days_late"], page.context["days_left"]) == (0, 4)
    publishing.publish(meeting, by=staff)
    assert meeting_page in sign_in(reporter).get(url(asked)).content.decode()


def test_a_closed_one_shows_how_and_takes_no_answer(sign_in, reporter: User, staff: User, asked: Assignment) -> None:
    decisions.close(asked, by=staff, note="ครบถ้วน")
    page = sign_in(reporter).get(url(asked))
    assert (page.context["steps"], "ครบถ้วน" in page.content.decode()) == ([], True)
    late = sign_in(reporter).post(url(asked), {"text": "ช้าไป", "version": fresh(asked).version})
    assert (late.status_code, "ช้าไป" in late.content.decode()) == (400, True)


def test_the_word_of_the_staff_stands_on_top_while_it_counts(sign_in, reporter, staff, asked: Assignment) -> None:
    client = sign_in(reporter)
    for verb, word in (("send_back", "ขอตัวเลขก่อนและหลัง"), ("accept", "รับทราบ ดำเนินการต่อ")):
        assignments.answer(fresh(asked), by=reporter, text="บางส่วน", percent=40)
        getattr(decisions, verb)(fresh(asked), by=staff, **{"reason" if verb == "send_back" else "note": word})
        page = client.get("/en" + url(asked))
        assert (page.context["sent_back"], f"{word}" in page.content.decode()) == (verb == "send_back", True)
        assert ("Sent back on" in page.content.decode()) == (verb == "send_back")


def test_a_part_that_was_accepted_is_said_with_what_the_own_agency_answered_and_never_a_partners_number(
    sign_in, reporter: User, stranger: User, staff: User, agency: Agency, other_agency: Agency
) -> None:
    shared = make_assignment(staff, agency, partners=[other_agency])
    assignments.answer(shared, by=reporter, text="บางส่วน", percent=40)
    assert sign_in(reporter).get(url(shared)).context["accepted"] == ""
    decisions.accept(fresh(shared), by=staff)
    said = "เห็นชอบคำตอบแล้ว (ร้อยละ 40) โปรดดำเนินการต่อ"
    assert said in sign_in(reporter).get(url(shared)).content.decode()
    assert sign_in(stranger).get(url(shared)).context["accepted"] == "เห็นชอบคำตอบแล้ว โปรดดำเนินการต่อ"
    decisions.extend(fresh(shared), by=staff, due_on=day(30), reason="ให้เวลาเพิ่ม")
    assert sign_in(reporter).get(url(shared)).context["accepted"] == ""


# --- more time -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("start", ["", "/en"])
def test_an_agency_asks_for_more_time(sign_in, reporter: User, asked: Assignment, start: str) -> None:
    client, page = sign_in(reporter), start + url(asked, "assignment-more-time")
    assert client.get(page).status_code == 200
    typed = {"text": "รอผลสำรวจ", "wanted_on": format_date(day(30), "numeric", "th"), "version": asked.version}
    assert client.post(page, typed).url == start + url(asked)
    answer = Answer.objects.get()
    assert (answer.kind, answer.text, answer.wanted_on) == ("more_time", "รอผลสำรวจ", day(30))
    assert (fresh(asked).state, fresh(asked).due_on) == ("more_time", dt.date(2020, 1, 31))
    assert client.get(page).url == start + url(asked)  # asked already


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"text": ""}, ["text"]),
        ({"wanted_on": ""}, ["wanted_on"]),
        ({"wanted_on": "31/1/2563"}, ["wanted_on"]),
        ({"wanted_on": "ปลายปี"}, ["wanted_on"]),
    ],
)
def test_more_time_needs_a_reason_and_a_later_day(sign_in, reporter, asked: Assignment, typed, fields) -> None:
    good = {"text": "รอผลสำรวจ", "wanted_on": "1/12/2600", "version": asked.version}
    response = sign_in(reporter).post(url(asked, "assignment-more-time"), good | typed)
    assert (response.status_code, list(response.context["form"].errors)) == (400, fields)
    assert (Answer.objects.count(), fresh(asked).state) == (0, "open")


# --- the objection ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("start", ["", "/en"])
def test_an_agency_contests_while_it_may(sign_in, reporter: User, asked: Assignment, start: str) -> None:
    client, page = sign_in(reporter), start + url(asked, "assignment-contest")
    until = add_working_days(timezone.localdate(), 10)
    assert format_date(until, "long", "en" if start else "th") in client.get(page).content.decode()
    assert client.post(page, {"text": "  ", "version": asked.version}).status_code == 400
    assert client.post(page, {"text": "เป็นของกรมบัญชีกลาง", "version": asked.version}).url == start + url(asked)
    assert (Answer.objects.get().kind, fresh(asked).state) == ("contest", "contested")


def test_when_the_time_to_contest_is_over_the_page_says_until_when_it_was(sign_in, reporter, asked) -> None:
    asked, client = told_before(asked), sign_in(reporter)
    until = format_date(assignments.contest_until(asked), "short", "en")
    page = client.get("/en" + url(asked))
    assert ("contest" in page.context["steps"], until in page.content.decode()) == (False, True)
    assert url(asked, "assignment-contest") not in page.content.decode()
    assert client.get("/en" + url(asked, "assignment-contest"), follow=True).redirect_chain == [
        ("/en" + url(asked), 302)
    ]
    late = client.post("/en" + url(asked, "assignment-contest"), {"text": "ช้าไป", "version": asked.version})
    assert (late.status_code, until in late.content.decode(), "ช้าไป" in late.content.decode()) == (400, True, True)
    assert fresh(asked).state == "open"


def test_a_text_typed_into_a_form_that_closed_meanwhile_is_given_back(sign_in, reporter, staff, asked) -> None:
    client, page = sign_in(reporter), url(asked, "assignment-contest")
    headers = {"X-Autosave": "1;after=0"}
    kept = client.post(page, {"text": "ยังพิมพ์อยู่", "version": asked.version, "form_key": "k"}, headers=headers)
    assert kept.json()["kept"] is True
    decisions.close(fresh(asked), by=staff, note="ครบ")
    assert "ยังพิมพ์อยู่" in client.get(page).content.decode()


@pytest.mark.parametrize("form", FORMS)
def test_each_form_keeps_what_is_typed_and_a_stale_one_shows_what_came_in(
    sign_in, reporter: User, lead: User, staff: User, asked: Assignment, form: str
) -> None:
    client, page, version = sign_in(reporter), url(asked, form), asked.version
    typed = {"text": "พิมพ์ค้าง", "wanted_on": "1/12/2600", "version": version, "form_key": "k"}
    assert client.post(page, typed, headers={"X-Autosave": "1;after=0"}).json()["kept"] is True
    assert "พิมพ์ค้าง" in client.get(page).content.decode()
    meetings.edit_part(fresh(asked), by=staff, version=version, text_th="ขอให้ทำอีกอย่าง")
    stale = client.post(page, {**typed, "form_key": uuid.uuid4().hex})
    assert (stale.status_code, "พิมพ์ค้าง" in stale.content.decode()) == (409, True)
    assert [step.verb for step in stale.context["came_in"]] == ["edit"]
    assert Answer.objects.count() == 0


# --- whose it is -----------------------------------------------------------------------------------------------------
def test_a_partner_answers_and_reads_neither_the_answer_nor_the_file_of_the_others(
    sign_in, reporter: User, stranger: User, staff: User, agency: Agency, other_agency: Agency
) -> None:
    shared = make_assignment(staff, agency, partners=[other_agency])
    typed = {"text": "ของกรมตัวอย่าง", "attach": SimpleUploadedFile("ลับ.pdf", PDF), "version": shared.version}
    assert sign_in(reporter).post(url(shared), typed).status_code == 302
    file = reverse("public:evidence", args=[AnswerFile.objects.get().pk])
    page = sign_in(stranger).get(url(shared))
    assert (page.status_code, [text in page.content.decode() for text in ("ของกรมตัวอย่าง", "ลับ.pdf", file)]) == (
        200,
        [False] * 3,
    )
    assert sign_in(stranger).get(file).status_code == 404
    sign_in(stranger).post(url(shared), {"text": "ของกรมอื่น", "version": fresh(shared).version})
    assert list(Answer.objects.values_list("agency", "text")) == [
        (agency.pk, "ของกรมตัวอย่าง"),
        (other_agency.pk, "ของกรมอื่น"),
    ]
    stale = sign_in(stranger).post(url(shared), {"text": "อีก", "version": shared.version})
    assert (stale.status_code, "ของกรมตัวอย่าง" in stale.content.decode()) == (409, False)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_asked_of_others_is_refused_when_public_and_else_like_what_is_not_there(
    sign_in, stranger: User, staff: User, asked: Assignment, form: str
) -> None:
    nothing = reverse(f"workspace:{form}", args=[asked.pk + 1000])
    client, typed = sign_in(stranger), {"text": "ของเรา", "version": 1}
    for method, sent in (("get", {}), ("post", {}), ("post", typed)):
        assert getattr(client, method)(url(asked, form), sent).status_code == 403
        assert getattr(client, method)(nothing, sent).status_code == 404
    publishing.hide(asked.meeting, by=staff)
    for method, sent in (("get", {}), ("post", {}), ("post", typed)):
        there, missing = (getattr(client, method)(page, sent) for page in (url(asked, form), nothing))
        assert there.status_code == missing.status_code == 404
        assert same(there, url(asked, form)) == same(missing, nothing)
    headers = {"X-Autosave": "1;after=0"}
    there, missing = (client.post(page, typed, headers=headers) for page in (url(asked, form), nothing))
    assert (there.status_code, there.content) == (404, missing.content)


def same(response: Any, address: str) -> bytes:
    """The page without its own address and its tokens, which differ from page to page."""
    text = response.content.decode().replace(address, "")
    return b"".join(line.strip().encode() for line in text.splitlines() if "csrfmiddlewaretoken" not in line)


@pytest.mark.parametrize("published", [True, False])
def test_a_meeting_that_was_not_held_asks_nothing_yet(sign_in, reporter, staff, agency, published: bool) -> None:
    meeting: Meeting = make_meeting(staff, published=published, starts_on=day(7))
    assignment = make_assignment(staff, agency, meeting=meeting, due_on=day(20))
    assert [sign_in(reporter).get(url(assignment, form)).status_code for form in FORMS] == [404, 404, 404]
    assert list(sign_in(reporter).get("/workspace/assignments/").context["rows"]) == []


def test_a_meeting_that_was_held_asks_although_it_is_not_published(sign_in, reporter, staff, agency) -> None:
    assignment = make_assignment(staff, agency, meeting=make_meeting(staff, published=False))
    assert sign_in(reporter).get(url(assignment)).status_code == 200
    [row] = sign_in(reporter).get("/workspace/assignments/").context["rows"]
    assert row["assignment"] == assignment


def test_staff_of_no_agency_are_sent_to_the_desk(sign_in, staff: User, asked: Assignment) -> None:
    assert [sign_in(staff).get(url(asked, form)).status_code for form in FORMS] == [403, 403, 403]


# --- the list --------------------------------------------------------------------------------------------------------
def test_the_list_begins_with_what_is_to_do_and_says_what_was_sent_back(sign_in, reporter, staff, agency) -> None:
    def ask(name: str, due: int | None = None) -> Assignment:
        return told_before(make_assignment(staff, agency, text_th=name, due_on=due and day(due)), days=0)

    closed = ask("closed", 1)
    decisions.close(closed, by=staff, note="ครบ")
    accepted, answered = ask("accepted", 1), ask("answered", -5)
    for each in (accepted, answered):
        assignments.answer(each, by=reporter, text="ทำแล้ว", percent=100)
    decisions.accept(fresh(accepted), by=staff)
    waits, contested = ask("more time", 2), ask("contested", 3)
    assignments.ask_time(waits, by=reporter, text="ไม่ทัน", wanted_on=day(30))
    assignments.contest(contested, by=reporter, text="ไม่ใช่ของเรา")
    no_date, later, back = ask("no date"), ask("later", 9), ask("back", 4)
    assignments.answer(back, by=reporter, text="บางส่วน")
    decisions.send_back(fresh(back), by=staff, reason="ขอตัวเลข")
    page = sign_in(reporter).get("/workspace/assignments/")
    assert [(str(row["assignment"]), row["days_late"], row["sent_back"]) for row in page.context["rows"]] == [
        ("back", 0, True),
        ("later", 0, False),
        ("no date", 0, False),
        ("answered", 0, False),
        ("more time", 0, False),
        ("contested", 0, False),
        ("accepted", 0, False),
        ("closed", 0, False),
    ]
    assert "ขอตัวเลข" in page.content.decode()
    assert [str(row["to_do"].verb) for row in page.context["rows"] if row["to_do"]] == [
        "ตอบอีกครั้ง",
        "ตอบเรื่องที่มอบหมาย",
        "ตอบเรื่องที่มอบหมาย",
    ]
    headings = re.findall(r'<h2 class="h3">(.*?)</h2>', page.content.decode())
    assert headings == ["หน่วยงานต้องดำเนินการ", "รอสำนักงาน ก.พ.ร.", "ดำเนินการแล้วหรือปิดเรื่องแล้ว"]
    assert no_date and later


# --- queries ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_few_queries(
    sign_in, reporter, staff, agency, other_agency, count: int, django_assert_num_queries
) -> None:
    projects = [make_project(staff, owner=agency) for _ in range(count)]
    partners = [other_agency, *(make_agency(staff) for _ in range(count))]
    assignment = told_before(make_assignment(staff, agency, partners=partners, projects=projects), days=0)
    for n in range(count):
        sent: Any = {"text": f"คำตอบ {n}", "version": fresh(assignment).version}
        sent["attach"] = SimpleUploadedFile("a.pdf", PDF)
        assert sign_in(reporter).post(url(assignment), sent).status_code == 302
        decisions.send_back(fresh(assignment), by=staff, reason="อีก")
    client = sign_in(reporter)
    client.get(url(assignment))  # shows that the last answer was sent, once
    with django_assert_num_queries(18):
        client.get(url(assignment))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_few_queries(sign_in, reporter, staff, agency, count: int, django_assert_num_queries) -> None:
    for _ in range(count):
        back = make_assignment(staff, agency)
        assignments.answer(back, by=reporter, text="บางส่วน")
        decisions.send_back(fresh(back), by=staff, reason="อีก")
    client = sign_in(reporter)
    with django_assert_num_queries(5):
        client.get("/workspace/assignments/")


def test_who_works_for_two_agencies_that_are_asked_finds_one_thing_once(sign_in, reporter, staff, agency) -> None:
    second = make_agency(staff)
    Membership.objects.create(user=reporter, agency=second)
    assignment = make_assignment(staff, agency, partners=[second])
    assert make_member(second).pk != reporter.pk
    rows = sign_in(reporter).get("/workspace/assignments/").context["rows"]
    assert [row["assignment"] for row in rows] == [assignment]
