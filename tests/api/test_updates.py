"""An update's life over the API: drafts, evidence, review; versions; the same request sent twice."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agencies.rules import agencies
from govlab.files import MAX_BYTES
from govlab.history import keep
from projects.models import DueReport, Evidence, Indicator, ProgressUpdate
from projects.rules import comments, publishing, reviews
from projects.rules.readings import Measure
from tests import factories
from tests.api.problems import errors_of, problem_of, said_in

URL = "/api/v1/updates/"
FULL = {
    "stage": 2,
    "stage_state": "in_progress",
    "happened_on": "2019-06-30",
    "title": "สัมภาษณ์ผู้ใช้บริการ 24 คน",
    "text": "สัมภาษณ์แรงงาน นายจ้าง และเจ้าหน้าที่",
    "obstacles": "ขอล่ามเพิ่ม",
}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def a_file(name: str = "รายงาน.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def test_an_update_goes_its_whole_way(call: Any, reporter: Any, staff: Any, project: Any, agency: Any) -> None:
    api, desk = call(reporter), call(staff)
    made = api.post(URL, {"project": project.code, **FULL})
    assert made.status_code == 201
    one = f"{URL}{made.json()['id']}/"
    assert made.json() == {
        "id": made.json()["id"],
        "project": project.code,
        "agency": {"key": agency.key, "name_th": agency.name_th, "name_en": ""},
        "state": "draft",
        **FULL,
        "planned": "",
        "due": None,
        "filled_by": "",
        "readings": [],
        "evidence": [],
        "return_reason": "",
        "return_notes": {},
        "lead_reason": "",
        "waiting_since": None,
        "opened_at": None,
        "submitted_at": None,
        "reviewed_at": None,
        "steps": ["edit", "discard", "submit"],
        "demo": False,
        "url": None,
        "version": 1,
    }
    assert made["ETag"] == '"1"'
    assert api.get(one).json() == made.json()

    sent = api.post(f"{one}submit/")
    assert (sent.status_code, sent.json()["state"], sent.json()["steps"]) == (200, "submitted", ["withdraw"])
    assert sent.json()["waiting_since"] == sent.json()["submitted_at"] is not None
    assert desk.get(one).json()["steps"] == ["open", "return", "approve"]
    opened = desk.post(f"{one}open/")
    assert (opened.status_code, opened.json()["opened_at"] is None, api.get(one).json()["steps"]) == (200, False, [])

    back = desk.post(f"{one}return/", {"reason": "ขอจำนวนผู้ให้สัมภาษณ์", "notes": {"stage": "ขั้น 3 หรือไม่", "text": "กี่คน"}})
    assert (back.status_code, back.json()["state"]) == (200, "returned")
    assert api.get(one).json()["return_reason"] == "ขอจำนวนผู้ให้สัมภาษณ์"
    assert api.get(one).json()["return_notes"] == {"stage": "ขั้น 3 หรือไม่", "text": "กี่คน"}

    changed = api.patch(one, {"title": "สัมภาษณ์ 30 คน"}, headers={"if-match": back["ETag"]})
    assert (changed.status_code, changed.json()["title"], changed.json()["text"]) == (200, "สัมภาษณ์ 30 คน", FULL["text"])
    assert api.post(f"{one}submit/").status_code == 200

    approved = desk.post(f"{one}approve/")
    assert (approved.status_code, approved.json()["state"], approved.json()["steps"]) == (
        200,
        "approved",
        ["take_back"],
    )
    public = call().get(one).json()
    inside = ["due", "filled_by", "obstacles", "opened_at", "planned", "return_notes", "return_reason", "submitted_at"]
    assert sorted({*approved.json()} - {*public}) == [*inside, "version", "waiting_since"]
    assert public["url"] == f"http://testserver/projects/{project.code}/"
    assert call().get(f"/api/v1/projects/{project.code}/").json()["current_stage"] == 2

    taken = desk.post(f"{one}take-back/", {"reason": "ตัวเลขผิด"})
    assert (taken.status_code, taken.json()["state"], taken.json()["return_reason"]) == (200, "submitted", "ตัวเลขผิด")
    assert (call().get(one).status_code, call().get(URL).json()["count"]) == (404, 0)
    assert call().get(f"/api/v1/projects/{project.code}/").json()["current_stage"] is None


def test_a_lead_reads_first_and_their_word_stays_within_the_agency(
    call: Any, reporter: Any, lead: Any, staff: Any, agency: Any, project: Any
) -> None:
    agencies.set_passing(agency, by=lead, version=agency.version, lead_passes_on=True)
    api, first, desk = call(reporter), call(lead), call(staff)
    one = f"{URL}{api.post(URL, {'project': project.code, **FULL}).json()['id']}/"
    sent = api.post(f"{one}submit/").json()
    assert (sent["state"], sent["steps"], first.get(one).json()["steps"]) == (
        "with_lead",
        ["withdraw"],
        ["pass_on", "hand_back", "withdraw"],
    )
    assert desk.get(one).status_code == 404
    assert list(errors_of(first.post(f"{one}hand-back/"))) == ["reason"]
    back = first.post(f"{one}hand-back/", {"reason": "ใส่จำนวน"}).json()
    assert (back["state"], back["lead_reason"], back["return_reason"]) == ("draft", "ใส่จำนวน", "")
    api.post(f"{one}submit/")
    assert first.post(f"{one}pass-on/").json()["state"] == "submitted"
    assert "lead_reason" not in desk.get(one).json()
    assert api.post(f"{one}withdraw/").json()["state"] == "draft"


def test_a_draft_answers_a_due_report_that_its_agency_may_see(
    call: Any, reporter: Any, staff: Any, other_agency: Any, project: Any
) -> None:
    factories.make_project(staff, owner=other_agency, published=False)
    factories.make_round(staff)
    due, theirs = project.due_reports.get(), DueReport.objects.exclude(project=project).get()
    api = call(reporter)
    for number in (theirs.pk, 987654, 0, "x", 10**400, True, [due.pk]):
        refused = api.post(URL, {"project": project.code, "due": number})
        assert (refused.status_code, list(errors_of(refused))) == (400, ["due"]), number
    made = api.post(URL, {"project": project.code, "planned": "ทดสอบต้นแบบ", "due": due.pk})
    assert (made.status_code, made.json()["due"], made.json()["planned"]) == (201, due.pk, "ทดสอบต้นแบบ")
    assert api.post(URL, {"project": project.code, "due": due.pk}).status_code == 400  # somebody has begun it
    api.delete(f"{URL}{made.json()['id']}/", headers={"if-match": made["ETag"]})
    due.refresh_from_db()
    assert (due.update, due.history.first().history_change_reason) == (None, "discard")


@pytest.mark.parametrize(
    "notes",
    ["x", ["x"], {"reviewed_by": "x"}, {"title": "ก" * 1001}, {"title": ["x"]}, {"title": "\0"}, {"title": None}],
)
def test_a_bad_note_is_a_400_at_the_notes(notes: Any, call: Any, reporter: Any, staff: Any, project: Any) -> None:
    update = factories.make_update(reporter, project, "submitted")
    answer = call(staff).post(f"{URL}{update.pk}/return/", {"reason": "แก้", "notes": notes})
    assert (answer.status_code, {name.split(".")[0] for name in errors_of(answer)}) == (400, {"notes"})


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_for_three_updates_as_for_one(
    rows: int, call: Any, reporter: Any, lead: Any, staff: Any, project: Any, django_assert_num_queries: Any
) -> None:
    factories.make_round(staff)
    indicator = factories.make_indicator(staff, project)
    for _n in range(rows):
        update = factories.make_update(reporter, project, "submitted", readings={indicator: Measure(Decimal(1))})
        comments.add(update, by=staff, text="ขอบคุณ")
    for person, api in ((staff, call(staff)), (lead, call(lead))):
        with django_assert_num_queries(7):
            assert len(api.get(URL).json()["results"]) == rows, person


# --- many at once, comments -------------------------------------------------------------------------------------------
CHANGED = "Somebody else changed this since you read it. Read it again and send your change once more."


def test_many_are_approved_with_an_answer_for_each(call: Any, reporter: Any, staff: Any, project: Any) -> None:
    factories.make_update(reporter, project, "approved", staff)
    plain, changed, stuck, draft = (
        factories.make_update(reporter, project, state, obstacles=obstacles)
        for state, obstacles in (("submitted", ""), ("submitted", ""), ("submitted", "ล่าม"), ("draft", ""))
    )
    rows = [{"id": update.pk, "version": update.version} for update in (plain, changed, stuck, draft)]
    reviews.open_(changed, by=staff)
    desk, headers = call(staff), {"idempotency-key": "many", "accept-language": "en"}
    first, again = (desk.post(f"{URL}approve/", rows, headers=headers) for _ in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert first.json() == [
        {"id": plain.pk, "done": True, "why": ""},
        {"id": changed.pk, "done": False, "why": CHANGED},
        {"id": stuck.pk, "done": False, "why": "It names obstacles or asks for help."},
        {"id": draft.pk, "done": False, "why": "There is nothing here, or nothing that you may see."},
    ]
    assert ProgressUpdate.history.filter(history_change_reason="approve", id=plain.pk).count() == 1
    assert desk.post(f"{URL}approve/", rows[:1], headers=headers).status_code == 422


@pytest.mark.parametrize(
    "body", [[], {}, "x", [1], [{}], [{"id": 1}], [{"id": "x", "version": 1}], [{"id": 2**70, "version": 1}]]
)
def test_a_list_that_cannot_be_read_is_a_400(body: Any, call: Any, staff: Any) -> None:
    assert call(staff).post(f"{URL}approve/", body).status_code == 400


def test_comments_are_read_by_the_agency_and_staff_and_those_inside_by_staff_alone(
    call: Any, reporter: Any, stranger: Any, staff: Any, project: Any
) -> None:
    update = factories.make_update(reporter, project, "submitted")
    url, agency, desk = f"{URL}{update.pk}/comments/", call(reporter), call(staff)
    headers = {"idempotency-key": "c"}
    assert [agency.post(url, {"text": "รอเอกสาร"}, headers=headers).status_code for _ in range(2)] == [201, 201]
    assert desk.post(url, {"text": "ขอบคุณ"}).json()["who"] == str(staff)
    assert desk.post(url, {"text": "ดูตัวเลข", "inside": True}).status_code == 201
    assert agency.post(url, {"text": "ลับ", "inside": True}).status_code == 403
    for typed in ({}, {"text": "  "}, {"text": "\0"}, {"text": "ก" * 5001}, {"text": ["ก"]}):
        assert (agency.post(url, typed).status_code, list(errors_of(agency.post(url, typed)))) == (400, ["text"])
    shown = [[(row["text"], row["who"], row["from_staff"]) for row in api.get(url).json()] for api in (agency, desk)]
    assert shown == [
        [("รอเอกสาร", str(reporter), False), ("ขอบคุณ", "", True)],
        [("รอเอกสาร", str(reporter), False), ("ขอบคุณ", str(staff), True), ("ดูตัวเลข", str(staff), True)],
    ]
    reviews.approve(update, by=staff)
    for api in (call(), call(stranger)):
        assert api.get(url).json() == []  # they see the update, and nothing of what was said about it
    assert call(stranger).post(url, {"text": "x"}).status_code == 403


@pytest.mark.parametrize("typed", ["30/6/2562", "30 มิ.ย. 2562", "30 มิถุนายน 2562", "๓๐/๐๖/๒๕๖๒", "2019-06-30"])
def test_a_date_may_be_sent_as_people_write_it(typed: str, call: Any, reporter: Any, project: Any) -> None:
    made = call(reporter).post(URL, {"project": project.code, "happened_on": typed})
    assert (made.status_code, made.json()["happened_on"]) == (201, "2019-06-30")


def test_a_draft_may_leave_anything_out_and_submit_names_what_is_missing(
    call: Any, reporter: Any, project: Any
) -> None:
    api = call(reporter)
    empty = {"stage": None, "stage_state": "", "happened_on": "", "title": "", "text": "", "readings": []}
    for answers in ({}, empty):
        made = api.post(URL, {"project": project.code, **answers})
        assert made.status_code == 201
    refused = api.post(f"{URL}{made.json()['id']}/submit/")
    assert refused.status_code == 400
    assert sorted(errors_of(refused)) == ["happened_on", "stage", "stage_state", "text", "title"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("stage", 5),
        ("stage", "สอง"),
        ("stage", [2]),
        ("stage", {"a": 1}),
        ("stage", True),
        ("stage", 10**400),
        ("stage_state", "unknown"),
        ("stage_state", ["done"]),
        ("happened_on", "31/2/2562"),
        ("happened_on", "เมื่อวาน"),
        ("happened_on", "2019-06-30T00:00:00"),
        ("happened_on", 20190630),
        ("happened_on", True),
        ("happened_on", ["2019-06-30"]),
        ("happened_on", "30/6/25620000"),
        ("happened_on", "\0"),
        ("title", "ก" * 5000),
        ("title", "ก\0"),
        ("title", ["ก"]),
        ("title", {"th": "ก"}),
        ("title", True),
        ("title", None),
        ("text", "ก" * 10_001),
        ("obstacles", ["ก"]),
        ("project", "GL2562-999"),
        ("project", None),
        ("project", ["x"]),
        ("project", {"x": 1}),
        ("project", "\0"),
        ("project", 1.5),
        ("agency", "nowhere"),
        ("agency", 10**400),
        ("agency", {}),
        ("readings", "x"),
        ("readings", {"indicator": 1}),
    ],
)
def test_a_bad_answer_is_a_400_at_its_field(field: str, value: Any, call: Any, reporter: Any, project: Any) -> None:
    answer = call(reporter).post(URL, {"project": project.code, **FULL, field: value})
    assert (answer.status_code, list(errors_of(answer))) == (400, [field])
    assert all(isinstance(sentence, str) for sentence in errors_of(answer)[field])
    assert ProgressUpdate.objects.count() == 0


@pytest.mark.parametrize(
    "row",
    [
        {"indicator": 10**30, "value": "1"},
        {"indicator": "x", "value": "1"},
        {"indicator": True, "value": "1"},
        {"indicator": [1], "value": "1"},
        {"indicator": 1e308, "value": "1"},
        {"indicator": 99999, "value": "1"},
        {"indicator": None, "value": "1"},
        {"value": "1"},
        {"indicator": 1},
        {"indicator": 1, "value": "NaN"},
        {"indicator": 1, "value": "sNaN"},
        {"indicator": 1, "value": "Infinity"},
        {"indicator": 1, "value": "1e400"},
        {"indicator": 1, "value": "1e999999999"},
        {"indicator": 1, "value": 10**400},
        {"indicator": 1, "value": True},
        {"indicator": 1, "value": "N/A"},
        {"indicator": 1, "value": {}},
        "x",
        [],
        None,
    ],
)
def test_a_bad_reading_is_a_400_and_nothing_is_kept(row: Any, call: Any, reporter: Any, project: Any) -> None:
    answer = call(reporter).post(URL, {"project": project.code, "readings": [row]})
    assert answer.status_code == 400
    assert {name.split(".")[0] for name in errors_of(answer)} == {"readings"}
    assert ProgressUpdate.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'"text"',
        b"1",
        b'{"project": NaN}',
        b'{"stage": 1e400}',
        b'{"readings": [{"indicator": 1e400, "value": 1e400}]}',
        b'{"stage": ' + b"9" * 5000 + b"}",
        b'{"title": "\\ud800"}',
        b'{"project": "\\ud800"}',
        b"[" * 100_000,
        b'{"readings": ' + b"[" * 500 + b"]" * 500 + b"}",
        b'{"title": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}",
    ],
)
def test_a_body_that_is_no_update_is_a_400(body: bytes, call: Any, reporter: Any) -> None:
    answer = call(reporter).post(URL, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert all(isinstance(value, list) for value in errors_of(answer).values())


def test_a_body_that_is_too_large_or_of_another_kind_is_refused(call: Any, reporter: Any) -> None:
    api = call(reporter)
    big = b'{"text": "' + b"a" * 1024 * 1024 + b'"}'
    assert api.post(URL, data=big, content_type="application/json").status_code == 413
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense"):
        assert api.post(URL, data=b"project=1", content_type=kind).status_code == 415


def test_refusals_speak_the_language_that_was_asked_for(call: Any, reporter: Any, project: Any) -> None:
    answers = {"project": project.code, "happened_on": "31/2/2562"}
    thai = call(reporter).post(URL, answers)
    english = call(reporter).post(URL, answers, headers={"accept-language": "en"})
    said = "This is no date. Send it as YYYY-MM-DD in the Common Era, such as 2021-11-23."
    assert errors_of(english) == {"happened_on": [said]}
    assert errors_of(thai)["happened_on"][0].endswith("เช่น 2021-11-23")
    assert (thai["Content-Language"], english["Content-Language"]) == ("th", "en")


def test_without_a_token_nothing_is_written(call: Any, reporter: Any, project: Any) -> None:
    update = factories.make_update(reporter, project)
    for method, path in (
        ("post", URL),
        ("patch", f"{URL}{update.pk}/"),
        ("delete", f"{URL}{update.pk}/"),
        ("post", f"{URL}{update.pk}/submit/"),
        ("post", f"{URL}{update.pk}/evidence/"),
    ):
        answer = getattr(call(), method)(path)
        assert (problem_of(answer)["status"], answer["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("header", ["Bearer", "Bearer gl_x", "Bearer a b", "bearer \xff", "Bearer " + "x" * 5000])
def test_a_token_that_is_not_valid_is_refused_even_for_reading(header: str, client: Any, project: Any) -> None:
    answer = client.get("/api/v1/projects/", headers={"authorization": header})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_anothers_draft_is_answered_like_one_that_does_not_exist(
    call: Any, stranger: Any, staff: Any, reporter: Any, project: Any
) -> None:
    update = factories.make_update(reporter, project)
    for person in (None, stranger, staff):
        api = call(person)
        assert api.get(f"{URL}{update.pk}/").status_code == 404
        assert said_in(api.get(f"{URL}{update.pk}/")) == said_in(api.get(f"{URL}999999/"))
        assert api.get(URL).json()["count"] == 0
        if person:
            for verb in ("submit", "return", "approve", "evidence"):
                known, unknown = (
                    api.post(f"{URL}{pk}/{verb}/", format="multipart" if verb == "evidence" else "json")
                    for pk in (update.pk, 999999)
                )
                assert (known.status_code, said_in(known)) == (404, said_in(unknown))
            assert api.patch(f"{URL}{update.pk}/", {}).status_code == 404
            assert api.delete(f"{URL}{update.pk}/").status_code == 404
    assert ProgressUpdate.objects.get().version == 1


def test_only_an_agency_with_a_part_reports(call: Any, stranger: Any, staff: Any, project: Any) -> None:
    for person in (stranger, staff):
        assert call(person).post(URL, {"project": project.code}).status_code == 403


def test_a_project_that_is_hidden_takes_no_reports(
    call: Any, reporter: Any, stranger: Any, staff: Any, project: Any
) -> None:
    publishing.hide(project, by=staff)
    assert list(errors_of(call(reporter).post(URL, {"project": project.code}))) == ["non_field_errors"]
    assert list(errors_of(call(stranger).post(URL, {"project": project.code}))) == ["project"]


def test_readings_are_kept_changed_and_taken_back(call: Any, reporter: Any, staff: Any, project: Any) -> None:
    indicator = keep(Indicator(project=project), "add", by=staff, name_th="เวลารอ", unit_th="นาที")
    api = call(reporter)
    made = api.post(URL, {"project": project.code, "readings": [{"indicator": indicator.pk, "value": "12.5"}]})
    row = {"indicator": indicator.pk, "name_th": "เวลารอ", "name_en": "", "unit_th": "นาที", "unit_en": ""}
    assert made.json()["readings"] == [{**row, "value": "12.5", "unavailable": ""}]
    one, etag = f"{URL}{made.json()['id']}/", made["ETag"]
    for answer, expected in (
        ({"value": 3}, [{**row, "value": "3", "unavailable": ""}]),
        ({"unavailable": "เครื่องเสีย"}, [{**row, "value": None, "unavailable": "เครื่องเสีย"}]),
        ({"value": None}, []),
    ):
        sent = {"readings": [{"indicator": indicator.pk, **answer}]}
        changed = api.patch(one, sent, headers={"if-match": etag})
        assert changed.json()["readings"] == expected
        etag = changed["ETag"]


@pytest.mark.parametrize(
    ("answers", "at"),
    [
        ([{"value": "N/A"}], "readings.0.value"),
        ([{"value": "12 คน"}], "readings.0.value"),
        ([{"value": "NaN"}], "readings.0.value"),
        ([{"value": True}], "readings.0.value"),
        ([{"value": [12]}], "readings.0.value"),
        ([{}], "readings.0.value"),
        ([{"sure": True}], "readings.0.value"),
        ([{"value": 3, "sure": "บางที"}], "readings.0.sure"),
        ([{"unavailable": "ก" * 301}], "readings.0.unavailable"),
        ([{"value": 3, "unavailable": "เครื่องเสีย"}], "readings"),
        ([{"unavailable": "-"}], "readings"),
        ([{"value": 3}, {"value": 4}], "readings"),
    ],
)
def test_what_is_neither_a_number_nor_a_reason_is_refused_at_its_field(
    call: Any, reporter: Any, staff: Any, project: Any, answers: list[dict[str, Any]], at: str
) -> None:
    indicator = keep(Indicator(project=project), "add", by=staff, name_th="เวลารอ", unit_th="นาที")
    sent = {"project": project.code, "readings": [{"indicator": indicator.pk, **answer} for answer in answers]}
    answer = call(reporter).post(URL, sent)
    assert (answer.status_code, list(errors_of(answer))) == (400, [at])
    assert not ProgressUpdate.objects.exists()


def test_an_indicator_of_another_project_is_refused(
    call: Any, reporter: Any, staff: Any, project: Any, other_agency: Any
) -> None:
    other = factories.make_project(staff, owner=other_agency)
    secret = factories.make_project(staff, owner=other_agency, published=False)
    for row in (other, secret):
        indicator = keep(Indicator(project=row), "add", by=staff, name_th="เวลารอ", unit_th="นาที")
        sent = {"project": project.code, "readings": [{"indicator": indicator.pk, "value": Decimal("1")}]}
        assert call(reporter).post(URL, sent).status_code == 400
    assert ProgressUpdate.objects.count() == 0


def test_a_file_is_taken_out_of_a_draft_but_never_out_of_another(call: Any, reporter: Any, project: Any) -> None:
    api = call(reporter)
    one, other = (f"{URL}{factories.make_update(reporter, project).pk}/" for _ in range(2))
    number, elsewhere = (
        api.post(f"{path}evidence/", {"file": a_file()}, format="multipart").json()["id"] for path in (one, other)
    )
    for wrong in ([elsewhere], [number, elsewhere], ["x"]):
        refused = api.patch(one, {"detach": wrong}, headers={"if-match": '"2"'})
        assert (refused.status_code, [name.partition(".")[0] for name in errors_of(refused)]) == (400, ["detach"])
    changed = api.patch(one, {"detach": [number]}, headers={"if-match": '"2"'})
    assert (changed.status_code, changed.json()["evidence"]) == (200, [])
    assert [row["id"] for row in api.get(other).json()["evidence"]] == [elsewhere]


# --- versions ---------------------------------------------------------------------------------------------------------
def test_a_change_must_say_which_version_it_is_of(call: Any, reporter: Any, project: Any) -> None:
    update = factories.make_update(reporter, project)
    api, one = call(reporter), f"{URL}{update.pk}/"
    assert api.patch(one, {"title": "ใหม่"}).status_code == 428
    for stale in ('"0"', '"2"', "x", '"' + "9" * 100 + '"', "", '"2", "3"'):
        assert api.patch(one, {"title": "ใหม่"}, headers={"if-match": stale}).status_code == 412
    for known in ('"1"', 'W/"2"', "3", "*", '"4", "5"'):  # any that is there, and any of several
        assert api.patch(one, {"title": "ใหม่"}, headers={"if-match": known}).status_code == 200
    assert ProgressUpdate.objects.get().version == 6


def test_a_verb_with_a_stale_version_is_refused(call: Any, reporter: Any, staff: Any, project: Any) -> None:
    update = factories.make_update(reporter, project)
    one, stale = f"{URL}{update.pk}/", {"if-match": '"7"'}
    api = call(reporter)
    assert api.delete(one, headers=stale).status_code == 412
    assert api.post(f"{one}submit/", headers=stale).status_code == 412
    assert api.post(f"{one}evidence/", {"file": a_file()}, format="multipart", headers=stale).status_code == 412
    assert api.post(f"{one}submit/", headers={"if-match": '"1"'}).status_code == 200
    for verb, answers in (("approve", {}), ("return", {"reason": "ขอเพิ่ม"})):
        assert call(staff).post(f"{one}{verb}/", answers, headers=stale).status_code == 412
    assert ProgressUpdate.objects.get().state == "submitted"


def test_a_draft_is_discarded_once(call: Any, reporter: Any, project: Any) -> None:
    update = factories.make_update(reporter, project)
    answer = call(reporter).delete(f"{URL}{update.pk}/", headers={"if-match": '"1"'})
    assert (answer.status_code, answer.content) == (204, b"")
    assert call(reporter).delete(f"{URL}{update.pk}/").status_code == 404


# --- the same request twice -------------------------------------------------------------------------------------------
def test_the_same_key_gets_the_first_answer_again(call: Any, reporter: Any, project: Any) -> None:
    api, headers = call(reporter), {"idempotency-key": "a-key"}
    sent = {"project": project.code, **FULL}
    first, again = (api.post(URL, sent, headers=headers) for _ in range(2))
    assert (first.status_code, first.json(), first["ETag"]) == (again.status_code, again.json(), again["ETag"])
    assert ProgressUpdate.objects.count() == 1
    assert api.post(URL, {**sent, "title": "อื่น"}, headers=headers).status_code == 422
    assert api.post(URL, sent, headers={"idempotency-key": "ก" * 300}).status_code == 201
    assert api.post(URL, sent).status_code == 201
    assert ProgressUpdate.objects.count() == 3


def test_a_key_belongs_to_its_person_and_address(call: Any, reporter: Any, lead: Any, project: Any) -> None:
    headers = {"idempotency-key": "same"}
    for person in (reporter, lead):
        made = call(person).post(URL, {"project": project.code, **FULL}, headers=headers)
        assert made.status_code == 201
    assert ProgressUpdate.objects.count() == 2
    assert call(lead).post(f"{URL}{made.json()['id']}/submit/", headers=headers).status_code == 422


def test_a_refused_request_leaves_its_key_free(call: Any, reporter: Any, project: Any) -> None:
    headers = {"idempotency-key": "k"}
    update = factories.make_update(reporter, project, title="")
    api, one = call(reporter), f"{URL}{update.pk}/"
    assert api.post(f"{one}submit/", headers=headers).status_code == 400
    api.patch(one, {"title": "หัวข้อ"}, headers={"if-match": '"1"'})
    answers = [api.post(f"{one}submit/", headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert api.post(f"{one}submit/").status_code == 400


# --- evidence ---------------------------------------------------------------------------------------------------------
def test_a_file_is_attached_once_and_only_its_people_see_it(
    call: Any, reporter: Any, stranger: Any, staff: Any, project: Any
) -> None:
    update = factories.make_update(reporter, project)
    one, api = f"{URL}{update.pk}/", call(reporter)
    made = api.post(f"{one}evidence/", {"file": a_file()}, format="multipart")
    assert made.status_code == 201
    row = Evidence.objects.get()
    assert made.json() == {
        "id": str(row.pk),
        "name": "รายงาน.pdf",
        "kind": "pdf",
        "size": len(PDF),
        "sha256": row.sha256,
        "released": False,
        "url": f"http://testserver/evidence/{row.pk}/",
        "demo": False,
    }
    assert made["ETag"] == '"2"'
    again = api.post(f"{one}evidence/", {"file": a_file()}, format="multipart", headers={"if-match": made["ETag"]})
    assert (again.status_code, again.json()) == (201, made.json())
    more = api.post(f"{one}evidence/", {"file": a_file("ภาพรวม.pdf", PDF + b"\n")}, format="multipart")
    assert (more.status_code, more.json()["released"]) == (201, False)
    api.post(f"{one}submit/")
    call(staff).post(f"{one}approve/")
    both = ["รายงาน.pdf", "ภาพรวม.pdf"]
    for person, names in ((None, []), (stranger, []), (reporter, both), (staff, both)):
        assert [file["name"] for file in call(person).get(one).json()["evidence"]] == names


def test_files_are_released_to_the_public_together(call: Any, reporter: Any, staff: Any, project: Any) -> None:
    update = factories.make_update(reporter, project)
    one, api = f"{URL}{update.pk}/", call(reporter)
    api.post(f"{one}evidence/", {"file": a_file()}, format="multipart")
    shown = api.post(f"{one}evidence/", {"file": a_file("b.pdf"), "release": "true"}, format="multipart")
    assert [file["released"] for file in api.get(one).json()["evidence"]] == [True, True]
    kept = api.patch(one, {"release": False}, headers={"if-match": shown["ETag"]})
    assert [file["released"] for file in kept.json()["evidence"]] == [False, False]
    api.patch(one, {"release": True}, headers={"if-match": kept["ETag"]})
    assert api.post(f"{one}submit/").status_code == 200
    assert call(staff).post(f"{one}approve/").status_code == 200
    assert [file["name"] for file in call().get(one).json()["evidence"]] == ["รายงาน.pdf", "b.pdf"]


def test_the_same_upload_with_the_same_key_is_one_file(call: Any, reporter: Any, project: Any) -> None:
    update = factories.make_update(reporter, project)
    api, path, headers = call(reporter), f"{URL}{update.pk}/evidence/", {"idempotency-key": "f"}
    first, again = (api.post(path, {"file": a_file()}, format="multipart", headers=headers) for _ in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    other = {"file": a_file(content=PDF.replace(b"1 0 obj", b"2 0 obj"))}
    assert api.post(path, other, format="multipart", headers=headers).status_code == 422
    assert ProgressUpdate.objects.get().version == 2


@pytest.mark.parametrize(
    "file",
    [
        a_file("x.exe", b"MZ"),
        a_file("x.pdf", b"MZ"),
        a_file("x.pdf", b""),
        a_file("ไม่มีสกุล"),
        a_file("x" * 300 + ".pdf"),
        "text",
        "",
    ],
)
def test_a_file_that_is_not_let_in_is_a_400_at_the_field(file: Any, call: Any, reporter: Any, project: Any) -> None:
    update = factories.make_update(reporter, project)
    answer = call(reporter).post(f"{URL}{update.pk}/evidence/", {"file": file}, format="multipart")
    assert (answer.status_code, list(errors_of(answer))) == (400, ["file"])
    assert (Evidence.objects.count(), ProgressUpdate.objects.get().version) == (0, 1)


def test_a_file_that_is_too_big_is_refused_before_it_is_read(call: Any, reporter: Any, project: Any) -> None:
    update = factories.make_update(reporter, project)
    answer = call(reporter).post(
        f"{URL}{update.pk}/evidence/", {"file": a_file()}, format="multipart", CONTENT_LENGTH=str(MAX_BYTES + 10**6)
    )
    assert (answer.status_code, list(errors_of(answer))) == (400, ["file"])


def test_evidence_comes_as_a_form_with_a_file(call: Any, reporter: Any, project: Any) -> None:
    update = factories.make_update(reporter, project)
    api, path = call(reporter), f"{URL}{update.pk}/evidence/"
    assert api.post(path, {"file": "x"}, format="json").status_code == 415
    assert list(errors_of(api.post(path, {}, format="multipart"))) == ["file"]
    assert api.post(path, data=b"--x", content_type="multipart/form-data; boundary=x").status_code == 400
    assert api.post(path, data=b"x", content_type="multipart/form-data").status_code == 400


def test_who_may_not_edit_leaves_no_file_behind(
    call: Any, reporter: Any, stranger: Any, staff: Any, project: Any, settings: Any
) -> None:
    update = factories.make_update(reporter, project, "approved", staff)
    for person, code in ((stranger, 403), (staff, 403), (reporter, 400)):
        answer = call(person).post(f"{URL}{update.pk}/evidence/", {"file": a_file()}, format="multipart")
        assert answer.status_code == code
    assert not list(settings.MEDIA_ROOT.glob("**/*"))


# --- what is not for everybody ----------------------------------------------------------------------------------------
def test_what_is_between_agency_and_staff_is_shown_to_nobody_else(
    call: Any, reporter: Any, lead: Any, staff: Any, stranger: Any, project: Any
) -> None:
    update = factories.make_update(reporter, project, "approved", staff, obstacles="CANARY-OBSTACLES")
    one = f"{URL}{update.pk}/"
    for person in (reporter, lead, staff):
        assert call(person).get(one).json()["obstacles"] == "CANARY-OBSTACLES"
        assert call(person).get(one)["ETag"].startswith(f'"{update.version}-')
    for person in (None, stranger):
        for path in (one, URL):
            text = call(person).get(path).content.decode()
            for word in ("CANARY", "govlab.test", reporter.name, staff.name, "version", "return_reason"):
                assert word not in text


def test_no_answer_holds_an_address_or_a_name_of_a_person(call: Any, reporter: Any, staff: Any, project: Any) -> None:
    factories.make_update(reporter, project, "submitted")
    for path in ("agencies", "cohorts", "projects", "updates", "meetings", "assignments", "indicators", "innovations"):
        text = call(staff).get(f"/api/v1/{path}/").content.decode()
        assert [word for word in ("@", reporter.name, staff.name) if word in text] == []


def test_an_update_of_the_future_is_refused_when_sent(call: Any, reporter: Any, project: Any) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    update = factories.make_update(reporter, project, happened_on=tomorrow)
    answer = call(reporter).post(f"{URL}{update.pk}/submit/")
    assert (answer.status_code, list(errors_of(answer))) == (400, ["happened_on"])
