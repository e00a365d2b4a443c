"""Files that are sent one by one while the form is open."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agencies.models import Agency, User
from agencies.rules import records
from govlab import files
from projects.models import Evidence, Project
from tests.api.problems import errors_of
from tests.factories import make_update
from tests.govlab.corpus import HTML, pdf
from tests.govlab.test_pictures import PICTURES, SECRET
from tests.workspace.test_updates import add_url, errors, text_of, typed, url

pytestmark = pytest.mark.django_db
UPLOAD = "/workspace/uploads/"


def send(client: Any, name: str = "แบบสัมภาษณ์.pdf", content: bytes = pdf(), **headers: str) -> Any:
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)}, headers=headers)


def stored(settings: Any) -> list[str]:
    return sorted(path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


def test_a_file_is_answered_with_a_note_and_the_form_brings_it(sign_in, reporter: User, project: Project) -> None:
    client = sign_in(reporter)
    answer = send(client)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    note = answer.json()["token"]
    assert answer.json() == {"token": note, "name": "แบบสัมภาษณ์.pdf", "size": len(pdf())}
    assert not Evidence.objects.exists()
    client.post(add_url(project), typed(**{"attach-kept": [note]}))
    [file] = Evidence.objects.all()
    assert (file.name, file.size, files.address(file.sha256).read_bytes()) == ("แบบสัมภาษณ์.pdf", len(pdf()), pdf())


def test_a_photograph_loses_its_place_on_the_way(sign_in, reporter: User, project: Project) -> None:
    note = send(sign_in(reporter), "ภาพ.jpg", PICTURES["a.jpg"]).json()
    sign_in(reporter).post(add_url(project), typed(**{"attach-kept": [note["token"]]}))
    content = files.address(Evidence.objects.get().sha256).read_bytes()
    assert (SECRET in content, len(content)) == (False, note["size"])


def test_a_refused_file_is_told_in_a_sentence_and_not_kept(sign_in, reporter: User, settings: Any) -> None:
    answer = send(sign_in(reporter), "ภาพ.jpg", HTML)
    assert (answer.status_code, answer.json()) == (400, {"error": str(files.REFUSALS["content"])})
    assert sign_in(reporter).post(UPLOAD).json() == {"error": "ระบบไม่ได้รับไฟล์ กรุณาเลือกอีกครั้ง"}
    assert stored(settings) == []


def test_what_does_not_fit_into_the_room_is_told_before_it_is_kept(
    sign_in, reporter: User, staff: User, agency: Agency, settings: Any
) -> None:
    records.edit(agency, by=staff, version=agency.version, quota_mb=0)
    answer = send(sign_in(reporter))
    assert answer.status_code == 400
    assert "0 จาก 0 MB" in answer.json()["error"]
    assert stored(settings) == []


def test_what_no_report_names_does_not_pile_up_without_end(
    sign_in, call: Any, reporter: User, lead: User, project: Project, settings: Any, monkeypatch: Any
) -> None:
    """The room counts what reports name; what a person sends and never keeps is counted by the day."""
    monkeypatch.setattr("projects.rules.evidence.A_DAY", 2 * len(pdf()) + 2)
    client = sign_in(reporter)
    assert [send(client, content=pdf() + end).status_code for end in (b"", b"\n", b"\n\n")] == [200, 200, 400]
    assert "ต่อวัน" in send(client).json()["error"]
    update = make_update(reporter, project)
    answers = typed(version=update.version, attach=SimpleUploadedFile("ก.pdf", pdf() + b"\n\n\n"))
    assert client.post(url("edit", update), answers).status_code == 400
    file = {"file": SimpleUploadedFile("ก.pdf", pdf() + b"\n\n\n")}
    address = f"/api/v1/updates/{update.pk}/evidence/"
    assert list(errors_of(call(reporter).post(address, file, format="multipart"))) == ["file"]
    assert (len(stored(settings)), send(sign_in(lead)).status_code) == (2, 200)


def test_only_people_of_an_agency_send_files(sign_in, staff: User, client: Client, settings: Any) -> None:
    assert send(client).status_code == 302  # to sign in
    assert send(sign_in(staff)).status_code == 403
    assert stored(settings) == []


def test_a_foreign_page_cannot_send_a_file(reporter: User, settings: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(reporter)
    assert send(client).status_code == 403
    page = client.get("/workspace/people/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert stored(settings) == []
    assert send(client, **{"X-CSRFToken": token}).status_code == 200


def test_a_note_is_of_the_person_who_sent_the_file(sign_in, reporter: User, lead: User, project: Project) -> None:
    note = send(sign_in(lead)).json()["token"]
    answer = sign_in(reporter).post(add_url(project), typed(**{"attach-kept": [note]}))
    assert (answer.status_code, list(errors(answer))) == (400, ["attach"])


def test_more_files_than_a_form_takes_are_told_and_none_goes_missing_in_silence(
    sign_in, reporter: User, project: Project
) -> None:
    client = sign_in(reporter)
    notes = [send(client, f"{n}.pdf", pdf(b"%%%d\n" % n)).json()["token"] for n in range(21)]
    answer = client.post(add_url(project), typed(**{"attach-kept": notes}))
    assert (answer.status_code, list(errors(answer))) == (400, ["attach"])
    kept = [note for note, _file in answer.context["form"].fields["attach"].widget.kept]
    assert len(kept) == 20
    client.post(add_url(project), typed(**{"attach-kept": kept}))
    assert Evidence.objects.count() == 20


def test_the_form_says_how_much_room_is_left(sign_in, reporter: User, project: Project) -> None:
    note = send(sign_in(reporter)).json()["token"]
    sign_in(reporter).post(add_url(project), typed(**{"attach-kept": [note]}))
    page = text_of(sign_in(reporter).get(add_url(project)))
    assert "ใช้ไป 1 จาก 2,000 MB" in page
    assert f'data-upload="{UPLOAD}"' in page


def test_a_full_agency_keeps_the_text_and_the_file_for_another_try(
    sign_in, reporter: User, staff: User, agency: Agency, project: Project
) -> None:
    update = make_update(reporter, project)
    records.edit(agency, by=staff, version=agency.version, quota_mb=0)
    file = SimpleUploadedFile("ก.pdf", pdf())
    answer = sign_in(reporter).post(url("edit", update), typed(version=update.version, attach=[file]))
    assert (answer.status_code, list(errors(answer))) == (400, ["attach"])
    assert [file.name for _note, file in answer.context["form"].fields["attach"].widget.kept] == ["ก.pdf"]
    assert "0 จาก 0 MB" in text_of(answer)


def test_a_full_agency_is_told_at_the_file_over_the_api(
    call: Any, reporter: User, staff: User, agency: Agency, project: Project
) -> None:
    update = make_update(reporter, project)
    records.edit(agency, by=staff, version=agency.version, quota_mb=0)
    file = SimpleUploadedFile("ก.pdf", pdf())
    answer = call(reporter).post(f"/api/v1/updates/{update.pk}/evidence/", {"file": file}, format="multipart")
    assert (answer.status_code, list(errors_of(answer))) == (400, ["file"])
    assert not Evidence.objects.exists()


def test_a_file_goes_out_whole_and_no_browser_runs_it(sign_in, reporter: User, project: Project) -> None:
    note = send(sign_in(reporter)).json()["token"]
    sign_in(reporter).post(add_url(project), typed(**{"attach-kept": [note]}))
    answer = sign_in(reporter).get(reverse("public:evidence", args=[Evidence.objects.get().pk]))
    assert answer.getvalue() == pdf()
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E0%B9%81%E0%B8%9A%E0%B8%9A")
    assert [answer[name] for name in ("X-Content-Type-Options", "Content-Security-Policy", "Cache-Control")] == [
        "nosniff",
        "default-src 'none'; sandbox",
        "private, no-store",
    ]


def test_evidence_never_lies_where_static_files_are_served_from(settings: Any) -> None:
    address = files.address("a" * 64)
    assert [address.is_relative_to(root) for root in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS)] == [
        False,
        False,
    ]
