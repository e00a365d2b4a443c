"""Minutes and programmes that everybody may take along."""

import datetime as dt
from urllib.parse import unquote

import pytest
from django.urls import reverse

from projects.models import Meeting, MeetingSession
from projects.rules import publishing
from tests import factories
from tests.documents import held
from tests.documents.held import ADDRESS, SECRET
from tests.documents.reading import page_texts, paragraphs, squeezed

pytestmark = pytest.mark.django_db
MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@pytest.fixture
def meeting(staff, agency, other_agency) -> Meeting:
    return held.published(held.second(staff, agency, other_agency)[0], staff)


def url_of(meeting, ending="docx", kind="minutes"):
    return reverse(f"public:meeting-{kind}", args=[meeting.key, ending])


@pytest.mark.parametrize("ending", MIME)
def test_minutes_are_a_download_that_no_browser_runs_under_a_thai_name(client, meeting, ending):
    answer = client.get(url_of(meeting, ending))
    assert answer.status_code == 200
    assert answer["Content-Type"] == MIME[ending]
    assert (
        unquote(answer["Content-Disposition"])
        == f"attachment; filename*=utf-8''รายงานการประชุม อ.ก.พ.ร. เพื่ออนาคต 2-2564.{ending}"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not answer.cookies


def test_staff_too_get_only_what_is_public_here(client, staff, meeting):
    client.force_login(staff)
    made = client.get(url_of(meeting)).content
    assert made == client.get(url_of(meeting)).content
    texts = "".join(paragraphs(made))
    assert "เห็นชอบ 0" in texts
    assert SECRET not in texts and ADDRESS not in texts


@pytest.mark.parametrize(
    ("asked", "number"), [("", "ครั้งที่ 2/2564"), ("?digits=thai", "ครั้งที่ ๒/๒๕๖๔"), ("?digits=x", "ครั้งที่ 2/2564")]
)
def test_digits_are_those_that_were_asked_for(client, meeting, asked, number):
    assert number in paragraphs(client.get(url_of(meeting) + asked).content)
    assert squeezed(number) in squeezed(page_texts(client.get(url_of(meeting, "pdf") + asked).content)[0])


def test_the_english_page_gives_english_minutes(client, meeting):
    answer = client.get("/en" + url_of(meeting))
    assert paragraphs(answer.content)[0] == "Minutes of the meeting"
    assert (
        answer["Content-Disposition"]
        == 'attachment; filename="Minutes of the meeting Sub-committee on the future 2-2564.docx"'
    )


def test_there_are_no_minutes_of_a_draft_of_a_hidden_meeting_and_of_one_to_come(client, staff, meeting):
    to_come = factories.make_meeting(staff, kind="workshop", starts_on=dt.date(2100, 1, 1))
    draft = factories.make_meeting(staff, published=False)
    publishing.hide(meeting, by=staff)
    for each in (to_come, draft, meeting):
        assert client.get(url_of(each)).status_code == 404
        assert client.get(url_of(each, "pdf")).status_code == 404


def test_a_conference_has_no_minutes(client, staff):
    conference, workshop = (factories.make_meeting(staff, kind=kind) for kind in ("conference", "workshop"))
    assert [client.get(url_of(each)).status_code for each in (conference, workshop)] == [404, 200]


@pytest.mark.parametrize("ending", ["doc", "html", "DOCX", "typ"])
def test_no_other_form_is_there(client, meeting, ending):
    assert client.get(url_of(meeting, ending)).status_code == 404


def test_a_conference_has_a_programme_and_other_meetings_have_none(client, staff, meeting):
    conference = factories.make_meeting(staff, title_th="การประชุมใหญ่")
    held.part(MeetingSession, staff, conference, title_th="เปิดงาน")
    answer = client.get(url_of(conference, "pdf", "programme"))
    assert unquote(answer["Content-Disposition"]) == "attachment; filename*=utf-8''กำหนดการ การประชุมใหญ่.pdf"
    assert "เปิดงาน" in squeezed(page_texts(answer.content)[0])
    assert client.get(url_of(meeting, "pdf", "programme")).status_code == 404
    publishing.hide(conference, by=staff)
    assert client.get(url_of(conference, "pdf", "programme")).status_code == 404
