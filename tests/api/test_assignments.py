"""Assignments over the API: agencies answer, ask for more time and contest; staff decide."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agencies.models import Agency
from projects.models import AgendaItem, Answer, AnswerFile, Assignment, FollowUp, Resolution
from projects.rules import assignments, decisions, meetings, phases, publishing, series
from tests import factories
from tests.api.problems import errors_of, said_in

URL = "/api/v1/assignments/"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
VERBS = ("answer", "ask-time", "contest", "accept", "send-back", "extend", "reassign", "close", "reopen")


@pytest.fixture
def assignment(staff: Any, agency: Agency, other_agency: Agency) -> Assignment:
    meeting = factories.make_meeting(staff)
    row = meetings.add_part(
        Assignment,
        by=staff,
        meeting=meeting,
        text_th="ทำแผน",
        agency=agency,
        partners=[other_agency],
        responsible="CANARY-PERSON",
        due_on=dt.date(2055, 1, 1),
    )
    Assignment.objects.filter(pk=row.pk).update(given_on=timezone.localdate())  # so that it may be contested
    return fresh(row)


def fresh(assignment: Assignment) -> Assignment:
    return Assignment.objects.get(pk=assignment.pk)


def a_file(name: str = "แผน.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


# --- the way of an assignment ----------------------------------------------------------------------------------------
def test_an_assignment_goes_its_whole_way(
    call: Any, reporter: Any, stranger: Any, staff: Any, assignment: Any, agency: Agency, other_agency: Agency
) -> None:
    api, desk, one = call(reporter), call(staff), f"{URL}{assignment.pk}/"
    assert api.get(one).json()["steps"] == ["answer", "ask_time", "contest"]
    assert desk.get(one).json()["steps"] == ["extend", "reassign", "close"]
    way: list[tuple[Any, str, dict[str, Any], str]] = [
        (api, "contest", {"text": "ไม่ใช่ของเรา"}, "contested"),
        (desk, "send-back", {"reason": "เป็นของท่าน"}, "open"),
        (api, "ask-time", {"text": "รอข้อมูล", "wanted_on": "2055-02-01"}, "more_time"),
        (desk, "extend", {"due_on": "2055-02-01", "reason": "ตามที่ขอ"}, "open"),
        (api, "answer", {"text": "บางส่วน", "percent": 60}, "answered"),
        (desk, "accept", {"note": "ทำต่อ"}, "open"),
        (api, "answer", {"text": "ครบ", "done_on": timezone.localdate().isoformat()}, "answered"),
        (desk, "accept", {}, "accepted"),
        (desk, "close", {"note": "พอใจ"}, "closed"),
        (desk, "reopen", {}, "open"),
        (desk, "reassign", {"agency": other_agency.key, "reason": "โอนงาน"}, "open"),
    ]
    for who, verb, sent, state in way:
        answer = who.post(f"{one}{verb}/", sent)
        assert (verb, answer.status_code, answer.json()["state"]) == (verb, 200, state)
        stale = who.post(f"{one}{verb}/", sent, headers={"if-match": f'"{answer.json()["version"] - 1}"'})
        assert (verb, stale.status_code in (400, 412)) == (verb, True)
    said = desk.get(one).json()
    assert (said["agency"]["key"], said["partners"], said["due_on"], said["word"], said["percent"]) == (
        other_agency.key,
        [],
        "2055-02-01",
        "โอนงาน",
        None,
    )
    assert [(row["kind"], row["percent"], row["wanted_on"]) for row in said["answers"]] == [
        ("contest", None, None),
        ("more_time", None, "2055-02-01"),
        ("answer", 60, None),
        ("answer", None, None),
    ]
    # It was given away: who answered before is no longer asked, and the one who is asked begins anew.
    assert api.get(one).json()["steps"] == []
    assert call(stranger).get(one).json()["steps"] == ["answer", "ask_time", "contest"]
    assert api.post(f"{one}answer/", {"text": "อีก"}).status_code == 403


def test_if_match_stands_in_the_way_of_a_stale_version(call: Any, reporter: Any, staff: Any, assignment: Any) -> None:
    api, one = call(reporter), f"{URL}{assignment.pk}/"
    read = api.get(one)
    assignments.answer(assignment, by=reporter, text="ทำแล้ว")
    stale = api.post(f"{one}answer/", {"text": "อีก"}, headers={"if-match": read["ETag"]})
    closed = call(staff).post(f"{one}close/", {"note": "ครบ"}, headers={"if-match": read["ETag"]})
    assert (stale.status_code, closed.status_code, Answer.objects.count()) == (412, 412, 1)


def test_it_closes_in_the_meeting_to_which_it_came_back(call: Any, staff: Any, reporter: Any, agency: Agency) -> None:
    body, today = series.add(by=staff, key="body", name_th="คณะ"), timezone.localdate()
    first = meetings.add(by=staff, kind="committee", series=body, starts_on=today - dt.timedelta(days=9), prefill=True)
    row = meetings.add_part(Assignment, by=staff, meeting=first, text_th="ทำแผน", agency=agency, partners=[])
    second = meetings.add(by=staff, kind="committee", series=body, starts_on=today, prefill=True)
    desk, one = call(staff), f"{URL}{row.pk}/"
    early = desk.post(f"{one}close/", {"note": "ครบ", "meeting": second.key})
    assert (early.status_code, fresh(row).state) == (400, "open")
    second = phases.hold(second, by=staff)
    closed = desk.post(f"{one}close/", {"note": "ครบ", "meeting": second.key})
    assert (closed.status_code, closed.json()["closed_in"], closed.json()["came_back_to"]) == (
        200,
        second.key,
        [second.key],
    )
    # Its minutes are not published: the agency learns that it is closed, and not what the meeting was about.
    inside = call(reporter).get(one).json()
    assert (inside["state"], inside["closing_note"], inside["closed_in"], inside["came_back_to"]) == (
        "closed",
        "ครบ",
        None,
        [],
    )
    assert FollowUp.objects.count() == 1
    assert list(errors_of(desk.post(f"{one}close/", {"note": "ครบ", "meeting": "no-such"}))) == ["meeting"]


# --- what is read, and by whom ---------------------------------------------------------------------------------------
INSIDE = {"responsible", "word", "percent", "given_on", "contest_until", "closing_note", "version"}
ASKED = INSIDE - {"percent"}


def test_what_is_inside_is_for_those_who_are_asked_and_staff(
    call: Any, reporter: Any, stranger: Any, staff: Any, assignment: Any
) -> None:
    with_file = {"text": "CANARY-ANSWER", "percent": "40", "files": [a_file("CANARY-FILE.pdf")]}
    call(reporter).post(f"{URL}{assignment.pk}/answer/", with_file, format="multipart")
    decisions.send_back(fresh(assignment), by=staff, reason="CANARY-WORD")
    third = factories.make_member(factories.make_agency(staff))
    canaries = ("CANARY-ANSWER", "CANARY-FILE", "CANARY-WORD", "CANARY-PERSON")
    seen, keys = {}, {}
    for name, person in {"visitor": None, "third": third, "asked": stranger, "own": reporter, "staff": staff}.items():
        answer = call(person).get(f"{URL}{assignment.pk}/")
        listed = call(person).get(URL)
        assert listed.json()["results"] == [answer.json()]
        seen[name] = [word in answer.content.decode() for word in canaries]
        keys[name] = {*answer.json()} & INSIDE
    assert seen == {
        "visitor": [False, False, False, False],
        "third": [False, False, False, False],
        "asked": [False, False, True, True],
        "own": [True, True, True, True],
        "staff": [True, True, True, True],
    }
    assert keys == {"visitor": set(), "third": set(), "asked": ASKED, "own": ASKED, "staff": INSIDE}
    # The percentage is in the answer of the agency that gave it, and nowhere for those who are asked with it.
    said = {who: call(who).get(f"{URL}{assignment.pk}/").json() for who in (None, stranger, reporter, staff)}
    numbers = [(row.get("percent"), [answer["percent"] for answer in row["answers"]]) for row in said.values()]
    assert numbers == [(None, []), (None, []), (None, [40]), (40, [40])]


def test_the_day_on_which_an_agency_was_told_cannot_be_counted_out_by_the_age(
    call: Any, staff: Any, assignment: Any
) -> None:
    def of_age(person: Any) -> list[int]:
        ages = ("0-30", "31-90", "91-180", "181-365", "366-")
        return [len(call(person).get(URL, {"age": age}).json()["results"]) for age in ages]

    for told in (timezone.localdate(), timezone.localdate() - dt.timedelta(days=100)):
        Assignment.objects.filter(pk=assignment.pk).update(given_on=told)
        assert of_age(None) == of_age(staff) == [0, 0, 0, 0, 1]  # by the day of the meeting, which everybody knows


def test_only_projects_that_the_person_may_see_are_named(call: Any, reporter: Any, staff: Any, agency: Agency) -> None:
    own = factories.make_project(staff, owner=agency, published=False)
    hidden = factories.make_project(staff, owner=factories.make_agency(staff), published=False)
    public = factories.make_project(staff)
    row = factories.make_assignment(staff, agency, projects=[own, hidden, public])
    seen = {who: call(who).get(f"{URL}{row.pk}/").json()["projects"] for who in (None, reporter, staff)}
    assert {who: set(codes) for who, codes in seen.items()} == {
        None: {public.code},
        reporter: {own.code, public.code},
        staff: {own.code, hidden.code, public.code},
    }


def test_an_assignment_of_a_meeting_that_is_not_public_is_not_there(
    call: Any, reporter: Any, staff: Any, stranger: Any, assignment: Any
) -> None:
    publishing.hide(assignment.meeting, by=staff)
    third = factories.make_member(factories.make_agency(staff))
    codes = {
        name: call(person).get(f"{URL}{assignment.pk}/").status_code
        for name, person in {"visitor": None, "third": third, "own": reporter, "staff": staff}.items()
    }
    assert codes == {"visitor": 404, "third": 404, "own": 200, "staff": 200}
    assert call(reporter).get(f"{URL}{assignment.pk}/").json()["url"] is None
    sent = {"text": "x", "note": "x", "reason": "x", "wanted_on": "2056-01-01", "due_on": "2056-01-01"}
    for verb in VERBS:
        known, unknown = (call(third).post(f"{URL}{pk}/{verb}/", sent) for pk in (assignment.pk, 999999))
        assert (verb, known.status_code, said_in(known)) == (verb, 404, said_in(unknown))


def test_a_resolution_that_the_public_does_not_see_hides_what_it_asks(call, reporter, staff, agency: Agency) -> None:
    meeting = factories.make_meeting(staff, published=False)
    item = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="เรื่อง", shown=1)
    resolution = meetings.add_part(Resolution, by=staff, meeting=meeting, item=item, text_th="มติ")
    row = factories.make_assignment(staff, agency, meeting=meeting, resolution=resolution)
    publishing.publish(meeting, by=staff)
    assert [call(who).get(f"{URL}{row.pk}/").status_code for who in (None, reporter, staff)] == [404, 200, 200]
    assert call(None).get(URL).json()["results"] == []


# --- answers with files ----------------------------------------------------------------------------------------------
def test_an_answer_carries_files(sign_in, call: Any, reporter: Any, stranger: Any, staff: Any, assignment: Any) -> None:
    api, one = call(reporter), f"{URL}{assignment.pk}/"
    sent = {"text": "ตามแนบ", "percent": "40", "done_on": "", "files": [a_file("ก.pdf"), a_file("ข.pdf", PDF + b"\n")]}
    said = api.post(f"{one}answer/", sent, format="multipart")
    [answer] = said.json()["answers"]
    assert (said.status_code, answer["percent"], [file["name"] for file in answer["files"]]) == (
        200,
        40,
        ["ก.pdf", "ข.pdf"],
    )
    path = answer["files"][0]["url"].removeprefix("http://testserver")
    assert b"".join(sign_in(reporter).get(path).streaming_content) == PDF
    third = factories.make_member(factories.make_agency(staff))
    assert [sign_in(who).get(path).status_code for who in (third, stranger)] == [404, 404]


@pytest.mark.parametrize(
    ("name", "content", "field"), [("a.exe", b"MZ", "files"), ("a.pdf", b"", "files"), ("a.pdf", b"<html>", "files")]
)
def test_a_bad_file_is_refused_at_its_field_and_nothing_is_kept(name, content, field, call, reporter, assignment):
    sent = {"text": "ตามแนบ", "files": [a_file(), a_file(name, content)]}
    answer = call(reporter).post(f"{URL}{assignment.pk}/answer/", sent, format="multipart")
    assert (answer.status_code, list(errors_of(answer))) == (400, [field])
    assert (Answer.objects.count(), AnswerFile.objects.count(), fresh(assignment).state) == (0, 0, "open")


def test_files_without_room_are_refused_at_their_field(call: Any, reporter: Any, agency: Agency, assignment: Any):
    Agency.objects.filter(pk=agency.pk).update(quota_mb=0)
    sent = {"text": "ตามแนบ", "files": [a_file()]}
    answer = call(reporter).post(f"{URL}{assignment.pk}/answer/", sent, format="multipart")
    assert (answer.status_code, list(errors_of(answer)), Answer.objects.count()) == (400, ["files"], 0)


def test_too_many_files_are_refused(call: Any, reporter: Any, assignment: Any) -> None:
    sent = {"text": "ตามแนบ", "files": [a_file(f"{n}.pdf") for n in range(21)]}
    answer = call(reporter).post(f"{URL}{assignment.pk}/answer/", sent, format="multipart")
    assert (answer.status_code, list(errors_of(answer)), Answer.objects.count()) == (400, ["files"], 0)


def test_whoever_is_not_asked_leaves_no_bytes_behind(call: Any, staff: Any, assignment: Any, settings: Any) -> None:
    third = factories.make_member(factories.make_agency(staff))
    sent = {"text": "ตามแนบ", "files": [a_file()]}
    answer = call(third).post(f"{URL}{assignment.pk}/answer/", sent, format="multipart")
    assert (answer.status_code, list(settings.MEDIA_ROOT.rglob("*"))) == (403, [])


# --- what programs send ----------------------------------------------------------------------------------------------
def test_the_same_key_answers_once(call: Any, reporter: Any, staff: Any, assignment: Any) -> None:
    api, headers = call(reporter), {"idempotency-key": "k"}
    one = f"{URL}{assignment.pk}/"
    first, again = (
        api.post(f"{one}answer/", {"text": "ทำแล้ว", "files": [a_file()]}, format="multipart", headers=headers)
        for _ in range(2)
    )
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert (Answer.objects.count(), AnswerFile.objects.count()) == (1, 1)
    other = api.post(f"{one}answer/", {"text": "อีก"}, headers=headers)
    assert (other.status_code, Answer.objects.count()) == (422, 1)
    first, again = (call(staff).post(f"{one}send-back/", {"reason": "อีก"}, headers=headers) for _ in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())


@pytest.mark.parametrize("text", ["", "ก" * 5001, "ก\0", ["ก"], {"a": 1}, True, None])
@pytest.mark.parametrize("verb", ["answer", "ask-time", "contest"])
def test_a_bad_text_is_a_400_at_its_field(text: Any, verb: str, call: Any, reporter: Any, assignment: Any) -> None:
    sent = {"text": text, **({"wanted_on": "2056-01-01"} if verb == "ask-time" else {})}
    answer = call(reporter).post(f"{URL}{assignment.pk}/{verb}/", sent)
    assert (answer.status_code, list(errors_of(answer))) == (400, ["text"])


@pytest.mark.parametrize(
    ("verb", "sent", "field"),
    [
        ("answer", {"percent": 101}, "percent"),
        ("answer", {"percent": -1}, "percent"),
        ("answer", {"percent": 1.5}, "percent"),
        ("answer", {"percent": [1]}, "percent"),
        ("answer", {"done_on": "2019-02-30"}, "done_on"),
        ("answer", {"done_on": 5}, "done_on"),
        ("ask-time", {"wanted_on": "soon"}, "wanted_on"),
        ("ask-time", {"wanted_on": "0000-00-00"}, "wanted_on"),
    ],
)
def test_a_bad_number_or_day_is_a_400_at_its_field(verb, sent, field, call, reporter, assignment: Any) -> None:
    answer = call(reporter).post(f"{URL}{assignment.pk}/{verb}/", {"text": "ทำแล้ว", **sent})
    assert (answer.status_code, list(errors_of(answer))) == (400, [field])


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"agency": "no-such"}, "agency"),
        ({"agency": None}, "agency"),
        ({"partners": ["no-such"]}, "partners"),
        ({"partners": "x"}, "partners"),
        ({"partners": ["x"] * 101}, "partners"),
        ({"partners": [{"key": "x"}]}, "partners"),
    ],
)
def test_work_goes_only_to_agencies_that_there_are(sent, field, call, staff, other_agency, assignment) -> None:
    good = {"agency": other_agency.key, "reason": "โอนงาน"}
    answer = call(staff).post(f"{URL}{assignment.pk}/reassign/", good | sent)
    assert (answer.status_code, [name.split(".")[0] for name in errors_of(answer)]) == (400, [field])
    assert fresh(assignment).agency_id == assignment.agency_id


# --- lists -----------------------------------------------------------------------------------------------------------
def test_lists_are_filtered_as_the_pages_are(call: Any, staff: Any, agency: Agency, project: Any) -> None:
    one = factories.make_assignment(staff, agency, text_th="แผนขยายผล", projects=[project], due_on=dt.date(2019, 2, 1))
    two = factories.make_assignment(staff, factories.make_agency(staff), text_th="สำรวจ")
    decisions.close(two, by=staff, note="ครบ")
    found = {
        query: {row["id"] for row in call(None).get(f"{URL}?{query}").json()["results"]}
        for query in (
            f"meeting={one.meeting.key}",
            f"project={project.code}",
            f"agency={agency.key}",
            "state=closed",
            "late=yes",
            "q=ขยายผล",
        )
    }
    assert list(found.values()) == [{one.pk}, {one.pk}, {one.pk}, {two.pk}, {one.pk}, {one.pk}]
    for wrong in ("meeting=no-such", "state=x", "project=GL9999-9"):
        assert call(None).get(f"{URL}?{wrong}").status_code == 400, wrong


def test_what_only_insiders_read_is_no_word_to_search_by(call: Any, staff: Any, reporter: Any, assignment: Any) -> None:
    assignments.answer(assignment, by=reporter, text="CANARY-ANSWER")
    for word in ("CANARY-PERSON", "CANARY-ANSWER"):
        assert call(None).get(f"{URL}?q={word}").json()["results"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_for_three_as_for_one(
    rows: int, call: Any, reporter: Any, staff: Any, agency: Agency, other_agency, django_assert_num_queries: Any
) -> None:
    for _n in range(rows):
        project = factories.make_project(staff, owner=agency)
        row = factories.make_assignment(staff, agency, partners=[other_agency], projects=[project])
        sent = {"text": "ทำแล้ว", "files": [a_file()]}
        assert call(reporter).post(f"{URL}{row.pk}/answer/", sent, format="multipart").status_code == 200
    for person, queries in ((None, 5), (reporter, 10), (staff, 10)):
        api = call(person)
        with django_assert_num_queries(queries):
            assert len(api.get(URL).json()["results"]) == rows, person
