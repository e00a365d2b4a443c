"""Reporting progress: one form, two buttons, and nothing typed is lost."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from agencies.rules import people
from govlab import files
from govlab.models import Typed
from projects.models import Evidence, ProgressUpdate, Project, Reading
from projects.rules import projects, publishing, reviews, updates
from projects.rules.readings import Measure
from tests.factories import make_indicator, make_project, make_update

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
TYPED = {
    "stage_number": "2",
    "stage_state": "in_progress",
    "happened_on": "30/6/2562",
    "title": "สัมภาษณ์ผู้ใช้บริการ 24 คน",
    "text": "สัมภาษณ์แรงงาน นายจ้าง และเจ้าหน้าที่",
    "obstacles": "ขอล่ามเพิ่ม",
}


def typed(verb: str = "draft", **other: Any) -> dict[str, Any]:
    """What a browser sends when the form is filled in."""
    return {**TYPED, "form_key": uuid.uuid4().hex, "verb": verb, **other}


def paper(name: str = "แบบสัมภาษณ์.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def add_url(project: Project) -> str:
    return reverse("workspace:update-add", args=[project.code])


def url(verb: str, update: ProgressUpdate) -> str:
    return reverse(f"workspace:update-{verb}", args=[update.pk])


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def text_of(response: Any) -> str:
    return response.content.decode()


# --- write and send ---------------------------------------------------------------------------------------------------
def test_a_draft_is_kept_with_all_that_was_typed(sign_in, reporter: User, project: Project) -> None:
    response = sign_in(reporter).post(add_url(project), typed())
    update = ProgressUpdate.objects.get()
    assert response.status_code == 302
    assert response.url == url("detail", update)
    assert (update.state, update.author, update.happened_on) == ("draft", reporter, dt.date(2019, 6, 30))
    assert (update.stage_number, update.stage_state) == (2, "in_progress")
    assert (update.title, update.text, update.obstacles) == (TYPED["title"], TYPED["text"], TYPED["obstacles"])


def test_a_draft_may_leave_everything_open(sign_in, reporter: User, project: Project) -> None:
    response = sign_in(reporter).post(add_url(project), {"verb": "draft"})
    assert response.status_code == 302
    assert ProgressUpdate.objects.get().state == "draft"


def test_without_a_word_from_a_button_nothing_is_sent(sign_in, reporter: User, project: Project) -> None:
    sign_in(reporter).post(add_url(project), TYPED)
    assert ProgressUpdate.objects.get().state == "draft"


def test_the_other_button_sends_it(sign_in, reporter: User, project: Project) -> None:
    response = sign_in(reporter).post(add_url(project), typed("submit"))
    update = ProgressUpdate.objects.get()
    assert (response.url, update.state, update.submitted_by) == (url("detail", update), "submitted", reporter)


def test_what_is_missing_is_said_at_each_field_and_nothing_is_kept(sign_in, reporter: User, project: Project) -> None:
    response = sign_in(reporter).post(add_url(project), {"verb": "submit", "obstacles": "ขอล่ามเพิ่ม"})
    assert response.status_code == 400
    assert errors(response) == {name: [str(sentence)] for name, sentence in updates.NEEDED.items()}
    assert "ขอล่ามเพิ่ม" in text_of(response)
    assert not ProgressUpdate.objects.exists()


def test_a_draft_with_a_gap_stays_a_draft_when_it_is_sent(sign_in, reporter: User, project: Project) -> None:
    update = make_update(reporter, project, title="")
    response = sign_in(reporter).post(url("edit", update), typed("submit", title="", version=update.version))
    update.refresh_from_db()
    assert (response.status_code, list(errors(response)), update.state) == (400, ["title"], "draft")


def test_a_date_that_has_not_come_is_refused_by_the_rule(sign_in, reporter: User, project: Project) -> None:
    response = sign_in(reporter).post(add_url(project), typed("submit", happened_on="1/1/2600"))
    assert (response.status_code, list(errors(response))) == (400, ["happened_on"])
    assert not ProgressUpdate.objects.exists()


def test_a_returned_report_shows_why_and_is_sent_again(
    sign_in, reporter: User, other_staff: User, project: Project
) -> None:
    update = make_update(reporter, project, "returned", other_staff)
    page = sign_in(reporter).get(url("edit", update))
    assert "ขอจำนวนผู้ให้สัมภาษณ์" in text_of(page)
    assert other_staff.name not in text_of(page)
    sign_in(reporter).post(url("edit", update), typed("submit", text="24 คน", version=update.version))
    update.refresh_from_db()
    assert (update.state, update.text) == ("submitted", "24 คน")
    path = sign_in(reporter).get("/en" + url("detail", update)).context["path"]
    assert [(step.what, step.who) for step in path] == [
        ("Sent for review again", reporter.name),
        ("Returned for correction", "OPDC staff"),
        ("Sent for review", reporter.name),
    ]


# --- nothing twice, nothing over another's ----------------------------------------------------------------------------
def test_two_clicks_are_one_report(sign_in, reporter: User, project: Project) -> None:
    form = typed("submit")
    first = sign_in(reporter).post(add_url(project), form)
    second = sign_in(reporter).post(add_url(project), form)
    assert (first.status_code, second.status_code, first.url) == (302, 302, second.url)
    assert ProgressUpdate.objects.count() == 1


def test_back_and_another_text_is_told_with_the_text_kept(sign_in, reporter: User, project: Project) -> None:
    form = typed()
    sign_in(reporter).post(add_url(project), form)
    response = sign_in(reporter).post(add_url(project), {**form, "text": "ข้อความใหม่"})
    update = ProgressUpdate.objects.get()
    assert response.status_code == 409
    assert "ข้อความใหม่" in text_of(response)
    assert f'href="{url("detail", update)}"' in text_of(response)
    assert update.text == TYPED["text"]


def test_two_who_edit_see_both_versions(sign_in, reporter: User, lead: User, staff: User, project: Project) -> None:
    indicator = make_indicator(staff, project)
    update = make_update(reporter, project)
    version = update.version
    updates.edit(update, by=lead, version=version, text="ของหัวหน้า", readings={indicator: Measure(Decimal(4))})
    form = typed(text="ของผู้รายงาน", version=version, **{f"reading_{indicator.pk}": "6"})
    response = sign_in(reporter).post(url("edit", update), form)
    assert response.status_code == 409
    rows = {str(row["label"]): (row["before"], row["after"]) for row in response.context["compare"]}
    assert sorted(rows.values()) == [("4", "6"), ("ของหัวหน้า", "ของผู้รายงาน")]
    again = {**form, "form_key": uuid.uuid4().hex, "version": response.context["version"]}
    assert sign_in(reporter).post(url("edit", update), again).status_code == 302
    update.refresh_from_db()
    assert update.text == "ของผู้รายงาน"


def test_who_edits_what_was_sent_meanwhile_keeps_the_text(
    sign_in, reporter: User, lead: User, project: Project
) -> None:
    update = make_update(reporter, project)
    updates.submit(update, by=lead)
    response = sign_in(reporter).post(url("edit", update), typed(text="ข้อความที่พิมพ์อยู่", version=update.version))
    assert response.status_code == 400
    assert "ข้อความที่พิมพ์อยู่" in text_of(response)
    assert len(errors(response)["__all__"]) == 1


def test_an_edit_of_what_was_sent_leads_back_with_a_sentence(sign_in, reporter: User, project: Project) -> None:
    update = make_update(reporter, project, "submitted")
    response = sign_in(reporter).get(url("edit", update), follow=True)
    assert response.redirect_chain == [(url("detail", update), 302)]
    assert 'role="alert"' in text_of(response)


# --- bad answers ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("happened_on", "31/2/2562"),
        ("happened_on", "เมื่อวานนี้เอง"),
        ("title", "ก" * 5000),
        ("text", "ก" * 10_001),
        ("text", "มี\x00อยู่"),
        ("title", "มี\x00อยู่"),
        ("stage_number", "5"),
        ("stage_number", "x"),
        ("stage_state", "unknown"),
    ],
)
@pytest.mark.parametrize("verb", ["draft", "submit"])
def test_a_bad_answer_is_a_sentence_at_its_field(
    sign_in, reporter: User, project: Project, name: str, bad: str, verb: str
) -> None:
    response = sign_in(reporter).post(add_url(project), typed(verb, **{name: bad}))
    assert (response.status_code, list(errors(response)), len(errors(response)[name])) == (400, [name], 1)
    assert TYPED["obstacles"] in text_of(response)
    assert not ProgressUpdate.objects.exists()


# --- readings ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "value"), [("6", "6"), ("๑๒.๕", "12.5"), ("12,500", "12500"), ("-3", "-3"), ("0", "0"), (" 7 ", "7")]
)
def test_a_number_is_kept_exactly(sign_in, reporter, staff, project: Project, number: str, value: str) -> None:
    indicator = make_indicator(staff, project)
    sign_in(reporter).post(add_url(project), typed(**{f"reading_{indicator.pk}": number}))
    assert Reading.objects.get().value == Decimal(value)


@pytest.mark.parametrize("number", ["N/A", "1,5", "NaN", "1e400", "๑๒ คน", "9" * 30, "1.23456", "1_000", "\x00"])
def test_what_is_no_number_is_asked_about(sign_in, reporter, staff, project: Project, number: str) -> None:
    indicator = make_indicator(staff, project)
    response = sign_in(reporter).post(add_url(project), typed(**{f"reading_{indicator.pk}": number}))
    assert (response.status_code, list(errors(response))) == (400, [f"reading_{indicator.pk}"])
    assert not ProgressUpdate.objects.exists()


def test_the_form_shows_what_was_measured_before(sign_in, reporter: User, staff: User, project: Project) -> None:
    indicator = make_indicator(staff, project)
    update = make_update(reporter, project)
    updates.edit(update, by=reporter, version=update.version, readings={indicator: Measure(Decimal("4.50"))})
    row = sign_in(reporter).get(url("edit", update)).context["form"].readings()[0]
    assert (row["baseline"], row["target"], row["before"], row["field"].value()[0]) == ("0", "12", "", "4.5")
    reviews.approve(updates.submit(update, by=reporter), by=staff)
    row = sign_in(reporter).get(add_url(project)).context["form"].readings()[0]
    assert (row["before"], row["field"].value()) == ("4.5", None)


def test_an_emptied_number_is_taken_out(sign_in, reporter: User, staff: User, project: Project) -> None:
    indicator = make_indicator(staff, project)
    update = make_update(reporter, project, readings={indicator: Measure(Decimal(4))})
    form = typed(version=update.version, **{f"reading_{indicator.pk}": ""})
    assert sign_in(reporter).post(url("edit", update), form).status_code == 302
    assert not Reading.objects.exists()


# --- evidence ---------------------------------------------------------------------------------------------------------
def test_several_files_are_attached_at_once(sign_in, reporter: User, project: Project) -> None:
    sign_in(reporter).post(add_url(project), typed(attach=[paper(), paper("ภาพ.pdf", PDF + b"\n")], release="on"))
    found = Evidence.objects.order_by("name").values_list("name", "kind", "size", "released")
    assert list(found) == [("ภาพ.pdf", "pdf", len(PDF) + 1, True), ("แบบสัมภาษณ์.pdf", "pdf", len(PDF), True)]
    assert all(files.address(file.sha256).exists() for file in Evidence.objects.all())


def test_chosen_files_survive_an_error_elsewhere(sign_in, reporter: User, project: Project) -> None:
    first = sign_in(reporter).post(add_url(project), typed(happened_on="31/2/2562", attach=[paper()]))
    notes = [token for token, _file in first.context["form"].fields["attach"].widget.kept]
    assert (first.status_code, len(notes)) == (400, 1)
    assert "แบบสัมภาษณ์.pdf" in text_of(first)
    sign_in(reporter).post(add_url(project), typed(**{"attach-kept": notes}))
    assert Evidence.objects.get().name == "แบบสัมภาษณ์.pdf"


def test_a_kept_file_may_be_left_out_after_all(sign_in, reporter: User, project: Project) -> None:
    sign_in(reporter).post(add_url(project), typed(happened_on="31/2/2562", attach=[paper()]))
    sign_in(reporter).post(add_url(project), typed())
    assert (ProgressUpdate.objects.count(), Evidence.objects.count()) == (1, 0)


def test_a_note_of_somebody_else_or_a_forged_one_brings_no_file(sign_in, reporter, lead, project: Project) -> None:
    first = sign_in(lead).post(add_url(project), typed(happened_on="31/2/2562", attach=[paper()]))
    [(note, _file)] = first.context["form"].fields["attach"].widget.kept
    for forged in (note, "x", note[:-1] + "!", ""):
        response = sign_in(reporter).post(add_url(project), typed(**{"attach-kept": [forged]}))
        assert (response.status_code, list(errors(response))) == (400, ["attach"])
    assert not Evidence.objects.exists()


def test_an_old_note_is_told(sign_in, reporter: User, project: Project, monkeypatch) -> None:
    first = sign_in(reporter).post(add_url(project), typed(happened_on="31/2/2562", attach=[paper()]))
    [(note, _file)] = first.context["form"].fields["attach"].widget.kept
    monkeypatch.setattr("projects.forms.evidence.LASTS", dt.timedelta(seconds=-1))
    response = sign_in(reporter).post(add_url(project), typed(**{"attach-kept": [note]}))
    assert (response.status_code, list(errors(response))) == (400, ["attach"])


@pytest.mark.parametrize(
    ("name", "content"),
    [("ตาราง.exe", b"MZ" + b"\0" * 60), ("ว่าง.pdf", b""), ("ปลอม.pdf", b"MZ" + b"\0" * 60), ("ไม่มีนามสกุล", PDF)],
)
def test_a_wrong_file_is_named_and_the_good_one_stays(
    sign_in, reporter: User, project: Project, name: str, content: bytes
) -> None:
    response = sign_in(reporter).post(add_url(project), typed(attach=[paper(name, content), paper("ดี.pdf")]))
    assert (response.status_code, list(errors(response))) == (400, ["attach"])
    assert name in errors(response)["attach"][0]
    kept = [file.name for _token, file in response.context["form"].fields["attach"].widget.kept]
    assert kept == ["ดี.pdf"]


def test_a_file_over_20_mb_is_told(sign_in, reporter: User, project: Project, monkeypatch) -> None:
    monkeypatch.setattr("govlab.uploads.MAX_BYTES", 10)
    response = sign_in(reporter).post(add_url(project), typed(attach=[paper()]))
    assert (response.status_code, list(errors(response))) == (400, ["attach"])


def test_a_full_disk_loses_nothing_else(sign_in, reporter: User, project: Project, monkeypatch) -> None:
    def full(upload: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("projects.forms.evidence.take", full)
    response = sign_in(reporter).post(add_url(project), typed(attach=[paper()]))
    assert (response.status_code, list(errors(response))) == (400, ["attach"])
    assert TYPED["text"] in text_of(response)


def test_files_are_removed_and_released_when_asked(sign_in, reporter: User, project: Project) -> None:
    sign_in(reporter).post(add_url(project), typed(attach=[paper("ก.pdf"), paper("ข.pdf", PDF + b"\n")]))
    update, gone = ProgressUpdate.objects.get(), Evidence.objects.get(name="ก.pdf")
    form = typed(version=update.version, detach=[str(gone.pk)], release="on")
    sign_in(reporter).post(url("edit", update), form)
    assert list(Evidence.objects.values_list("name", "released")) == [("ข.pdf", True)]


# --- whose ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("verb", ["detail", "edit", "discard"])
@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "approved"])
def test_anothers_report_is_as_little_there_as_none_unless_it_is_public(
    sign_in, reporter: User, staff: User, stranger: User, project: Project, verb: str, state: str
) -> None:
    update = make_update(reporter, project, state, staff)
    nothing = reverse(f"workspace:update-{verb}", args=[update.pk + 1000])
    # What is approved the whole public reads, so there it is: only not theirs to change.
    for address, status in ((url(verb, update), 403 if state == "approved" else 404), (nothing, 404)):
        assert sign_in(stranger).get(address).status_code == status
        if verb != "detail":
            assert sign_in(stranger).post(address, typed()).status_code == status
    assert sign_in(stranger).post(url("submit", update)).status_code == (403 if state == "approved" else 404)


def test_what_was_typed_comes_back_when_a_colleague_threw_the_draft_away(
    sign_in, reporter: User, project: Project
) -> None:
    update = make_update(reporter, project)
    address = url("edit", update)
    update.delete()
    answer = sign_in(reporter).post(address, typed(text="สัมภาษณ์แรงงานและนายจ้างรวมยี่สิบสี่คน"))
    assert answer.status_code == 404
    assert "สัมภาษณ์แรงงานและนายจ้างรวมยี่สิบสี่คน</textarea>" in answer.content.decode()


def test_a_strange_project_is_no_place_to_report(
    sign_in, stranger: User, staff: User, agency, project: Project
) -> None:
    draft = make_project(staff, owner=agency, published=False)
    for method in ("get", "post"):
        assert getattr(sign_in(stranger), method)(add_url(project)).status_code == 403
        assert getattr(sign_in(stranger), method)(add_url(draft)).status_code == 404
        assert getattr(sign_in(stranger), method)("/workspace/projects/GL2562-999/updates/add/").status_code == 404


def test_a_hidden_project_takes_no_report_but_keeps_the_text(sign_in, reporter, staff, project: Project) -> None:
    publishing.hide(project, by=staff)
    assert sign_in(reporter).get(add_url(project)).url == reverse("workspace:project-detail", args=[project.code])
    response = sign_in(reporter).post(add_url(project), typed())
    assert (response.status_code, len(errors(response)["__all__"])) == (400, 1)
    assert TYPED["text"] in text_of(response)


def test_who_reports_for_two_agencies_says_for_which(
    sign_in, reporter: User, staff: User, other_agency, project: Project
) -> None:
    assert "agency" not in sign_in(reporter).get(add_url(project)).context["form"].fields
    projects.add_part(project, by=staff, agency=other_agency, part="partner")
    people.add_member(other_agency, by=staff, email=reporter.email, name="", role="reporter")
    assert "agency" in sign_in(reporter).get(add_url(project)).context["form"].fields
    sign_in(reporter).post(add_url(project), typed(agency=other_agency.pk))
    assert ProgressUpdate.objects.get().agency == other_agency


# --- buttons ----------------------------------------------------------------------------------------------------------
def test_the_page_of_a_draft_sends_it(sign_in, reporter: User, project: Project) -> None:
    update = make_update(reporter, project)
    button = {"version": update.version, "form_key": "k"}
    assert sign_in(reporter).post(url("submit", update), button).url == url("detail", update)
    update.refresh_from_db()
    assert update.state == "submitted"


def test_the_button_does_not_send_what_was_changed_meanwhile(sign_in, reporter, lead, project: Project) -> None:
    update = make_update(reporter, project)
    version = update.version
    updates.edit(update, by=lead, version=version, text="อื่น")
    response = sign_in(reporter).post(url("submit", update), {"version": version}, follow=True)
    update.refresh_from_db()
    assert (update.state, 'role="alert"' in text_of(response)) == ("draft", True)


def test_the_button_says_what_is_missing(sign_in, reporter: User, project: Project) -> None:
    update = make_update(reporter, project, title="")
    response = sign_in(reporter).post(url("submit", update), {"version": update.version}, follow=True)
    assert text_of(response).count('role="alert"') == 1


def test_a_draft_is_thrown_away_after_a_question(sign_in, reporter: User, project: Project) -> None:
    update = make_update(reporter, project)
    assert sign_in(reporter).get(url("discard", update)).status_code == 200
    for _click in range(2):
        response = sign_in(reporter).post(url("discard", update), {"form_key": "k", "version": update.version})
        assert response.url == reverse("workspace:project-detail", args=[project.code])
    assert not ProgressUpdate.objects.exists()


def test_what_was_sent_is_not_thrown_away(sign_in, reporter: User, project: Project) -> None:
    update = make_update(reporter, project, "submitted")
    assert sign_in(reporter).get(url("discard", update)).url == url("detail", update)
    assert sign_in(reporter).post(url("discard", update)).url == url("detail", update)
    assert ProgressUpdate.objects.count() == 1


def test_what_was_typed_into_a_draft_goes_with_it(sign_in, reporter: User, lead: User, project: Project) -> None:
    update = make_update(reporter, project)
    form = url("edit", update)
    for person in (reporter, lead):
        Typed.objects.create(user=person, path=form, answers={"title": ["พิมพ์ไว้"]}, saved_at=timezone.now())
    client = sign_in(reporter)
    assert client.post(url("discard", update), {"form_key": "k", "version": update.version}).status_code == 302
    assert list(Typed.objects.values_list("user", flat=True)) == [lead.pk]


# --- every state, both languages, few queries -------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "approved"])
@pytest.mark.parametrize("start", ["", "/en"])
def test_a_report_has_its_page_in_every_state(sign_in, reporter, staff, project, state: str, start: str) -> None:
    update = make_update(reporter, project, state, staff)
    assert sign_in(reporter).get(start + url("detail", update)).status_code == 200
    assert sign_in(reporter).get(start + url("edit", update)).status_code == (
        302 if state in ("submitted", "approved") else 200
    )
    assert sign_in(reporter).get(start + add_url(project)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_take_few_queries(
    sign_in, reporter: User, staff: User, project: Project, count: int, django_assert_num_queries
) -> None:
    indicators = [make_indicator(staff, project) for _ in range(count)]
    update = make_update(reporter, project, readings={i: Measure(Decimal(1)) for i in indicators})
    attach = [paper(f"{n}.pdf", PDF + b"\n" * n) for n in range(count)]
    client = sign_in(reporter)
    client.post(url("edit", update), typed(version=update.version, attach=attach))
    client.get(url("detail", update))
    with django_assert_num_queries(12):
        client.get(url("detail", update))
    with django_assert_num_queries(17):
        client.get(url("edit", update))
    with django_assert_num_queries(14):
        client.get(add_url(project))
