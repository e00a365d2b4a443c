"""What the agency does with an update besides writing: withdraw, pass on, hand back, comment."""

import uuid
from typing import Any

import pytest
from django.urls import reverse

from agencies.models import Agency, User
from agencies.rules import agencies
from projects.models import Comment, ProgressUpdate, Project
from projects.rules import comments, reviews, updates
from tests.factories import make_update, make_with_lead


def url(verb: str, update: ProgressUpdate) -> str:
    return reverse(f"workspace:update-{verb}", args=[update.pk])


def text_of(response: Any) -> str:
    return response.content.decode()


def state_of(update: ProgressUpdate) -> str:
    return ProgressUpdate.objects.get(pk=update.pk).state


@pytest.fixture
def passing(agency: Agency, lead: User) -> Agency:
    """The agency, where a lead passes on what reporters write."""
    return agencies.set_passing(agency, by=lead, version=agency.version, lead_passes_on=True)


def test_what_nobody_opened_is_withdrawn_once_by_two_clicks(sign_in, reporter: User, project: Project) -> None:
    update = make_update(reporter, project, "submitted")
    client = sign_in(reporter)
    assert url("withdraw", update) in text_of(client.get(url("detail", update)))
    assert client.get(url("withdraw", update)).status_code == 200
    form = {"form_key": "k", "version": update.version}
    assert [client.post(url("withdraw", update), form).url for _click in range(2)] == [url("detail", update)] * 2
    assert state_of(update) == "draft"
    assert ProgressUpdate.history.filter(id=update.pk, history_change_reason="withdraw").count() == 1


def test_what_staff_opened_is_not_withdrawn_and_the_page_says_so(sign_in, reporter, staff, project: Project) -> None:
    update = make_update(reporter, project, "submitted")
    client = sign_in(reporter)
    question = client.get(url("withdraw", update)).context["version"]
    reviews.open_(update, by=staff)
    for answer in (client.get(url("withdraw", update)), client.post(url("withdraw", update), {"version": question})):
        assert answer.url == url("detail", update)
    page = text_of(client.get(url("detail", update)))
    assert (state_of(update), 'role="alert"' in page, url("withdraw", update) in page) == ("submitted", True, False)


def test_a_reporters_work_goes_to_the_lead_and_then_to_opdc(
    sign_in, passing: Agency, reporter: User, lead: User, project: Project
) -> None:
    update = make_update(reporter, project)
    page = sign_in(reporter).get("/en" + url("detail", update))
    assert "Send to your lead" in text_of(page)
    sent = sign_in(reporter).post("/en" + url("submit", update), {"version": update.version}, follow=True)
    assert (state_of(update), "with a lead of your agency" in text_of(sent)) == ("with_lead", True)
    assert url("pass-on", update) not in text_of(sent)
    page = sign_in(lead).get(url("detail", update))
    assert (url("pass-on", update) in text_of(page), url("hand-back", update) in text_of(page)) == (True, True)
    form = {"version": page.context["update"].version, "form_key": "k"}
    for _click in range(2):
        assert sign_in(lead).post(url("pass-on", update), form).url == url("detail", update)
    assert state_of(update) == "submitted"


def test_a_lead_passes_on_only_what_was_read(sign_in, passing, reporter: User, lead: User, project: Project) -> None:
    update = updates.submit(make_update(reporter, project), by=reporter)
    seen = update.version
    again = updates.edit(
        updates.withdraw(update, by=reporter), by=reporter, version=update.version + 1, text="เปลี่ยนแล้ว"
    )
    updates.submit(again, by=reporter)
    response = sign_in(lead).post(url("pass-on", update), {"version": seen}, follow=True)
    assert (state_of(update), 'role="alert"' in text_of(response)) == ("with_lead", True)


@pytest.mark.parametrize("start", ["", "/en"])
def test_a_lead_hands_back_with_the_reason(sign_in, reporter: User, lead: User, project: Project, start: str) -> None:
    update = make_with_lead(reporter, project)
    assert sign_in(lead).get(start + url("hand-back", update)).status_code == 200
    empty = sign_in(lead).post(start + url("hand-back", update), {"reason": " ", "version": update.version})
    assert (empty.status_code, list(empty.context["form"].errors)) == (400, ["reason"])
    form = {"reason": "ขอชื่อผู้ให้ข้อมูล", "version": update.version, "form_key": uuid.uuid4().hex}
    sign_in(lead).post(start + url("hand-back", update), form)
    assert state_of(update) == "draft"
    for page in ("detail", "edit"):
        assert "ขอชื่อผู้ให้ข้อมูล" in text_of(sign_in(reporter).get(start + url(page, update)))
    assert sign_in(lead).get(url("hand-back", update)).url == url("detail", update)
    handed_back = "panel call"  # while it is with the lead again, nothing is left for the reporter to correct
    assert handed_back in text_of(sign_in(reporter).get(url("detail", update)))
    updates.submit(ProgressUpdate.objects.get(), by=reporter)
    assert handed_back not in text_of(sign_in(reporter).get(url("detail", update)))


def test_the_reason_is_kept_when_the_reporter_took_the_report_back_meanwhile(
    sign_in, reporter: User, lead: User, project: Project
) -> None:
    update = make_with_lead(reporter, project)
    updates.withdraw(update, by=reporter)
    reason = "ก" * 5000
    response = sign_in(lead).post(url("hand-back", update), {"reason": reason, "version": update.version + 1})
    assert (response.status_code, reason in text_of(response)) == (400, True)


# --- returned, taken back --------------------------------------------------------------------------------------------
def test_a_note_stands_at_its_field_and_at_the_readings(sign_in, reporter: User, staff: User, project) -> None:
    update = make_update(reporter, project, "submitted")
    notes = {"text": "ขอจำนวน", "readings": "ขอตัวเลขล่าสุด", "evidence": "ขอแบบสัมภาษณ์", "happened_on": "ปีผิด"}
    reviews.return_(update, by=staff, reason="ดูแต่ละช่อง", notes=notes)
    form = sign_in(reporter).get(url("edit", update)).context["form"]
    assert form.note == "ขอตัวเลขล่าสุด"
    for name, note in (("text", "ขอจำนวน"), ("attach", "ขอแบบสัมภาษณ์"), ("happened_on", "ปีผิด")):
        assert note in form.fields[name].help_text
    assert "ดูแต่ละช่อง" in text_of(sign_in(reporter).get(url("edit", update)))


def test_a_note_is_text_and_no_markup(sign_in, reporter: User, staff: User, project: Project) -> None:
    update = make_update(reporter, project, "submitted")
    reviews.return_(update, by=staff, reason="x", notes={"text": "<b>หนา</b>"})
    page = text_of(sign_in(reporter).get(url("edit", update)))
    assert ("<b>หนา</b>" in page, "&lt;b&gt;หนา&lt;/b&gt;" in page) == (False, True)


def test_an_approval_that_was_taken_back_says_why(sign_in, reporter: User, other_staff, project: Project) -> None:
    update = make_update(reporter, project, "approved", other_staff)
    reviews.take_back(update, by=other_staff, reason="ตัวเลขไม่ตรงกับหลักฐาน")
    page = text_of(sign_in(reporter).get(url("detail", update)))
    assert ('class="panel call' in page, "ตัวเลขไม่ตรงกับหลักฐาน" in page, other_staff.name in page) == (True, True, False)


# --- comments --------------------------------------------------------------------------------------------------------
def test_the_agency_and_staff_talk_and_staff_have_no_name(
    sign_in, reporter: User, lead: User, other_staff: User, project: Project
) -> None:
    update = make_update(reporter, project, "submitted")
    comments.add(update, by=other_staff, text="ขอแบบสอบถามด้วย")
    comments.add(update, by=other_staff, text="ยังไม่ควรรับรอง", inside=True)
    form = {"text": "แนบให้แล้ว", "form_key": "k"}
    for _click in range(2):
        assert sign_in(reporter).post(url("comment", update), form).url == url("detail", update) + "#comments"
    page = text_of(sign_in(lead).get(url("detail", update)))
    assert [word in page for word in ("ขอแบบสอบถามด้วย", "แนบให้แล้ว", reporter.name)] == [True] * 3
    assert [word in page for word in ("ยังไม่ควรรับรอง", other_staff.name)] == [False, False]
    assert Comment.objects.filter(author=reporter).count() == 1


@pytest.mark.parametrize("bad", ["", "  ", "ก" * 5001, "มี\x00อยู่"])
def test_a_bad_comment_is_a_sentence_with_the_text_kept(sign_in, reporter, project: Project, bad: str) -> None:
    update = make_update(reporter, project)
    response = sign_in(reporter).post(url("comment", update), {"text": bad})
    assert (response.status_code, list(response.context["form"].errors)) == (400, ["text"])
    assert bad.replace("\x00", "") in text_of(response).replace("\x00", "").replace("�", "")
    assert not Comment.objects.exists()


def test_a_comment_may_be_5000_characters_long(sign_in, reporter: User, project: Project) -> None:
    update = make_update(reporter, project)
    sign_in(reporter).post(url("comment", update), {"text": "ก" * 5000})
    assert Comment.objects.get().text == "ก" * 5000
