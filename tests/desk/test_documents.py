"""Minutes and letters of invitation for staff."""

from urllib.parse import unquote

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from projects.models import MeetingPerson
from tests import factories
from tests.documents import held
from tests.documents.held import ADDRESS, SECRET
from tests.documents.reading import page_texts, paragraphs, squeezed

pytestmark = pytest.mark.django_db


def url_of(meeting, ending="docx", kind="minutes"):
    return reverse(f"desk:meeting-{kind}", args=[meeting.key, ending])


def test_staff_get_the_whole_minutes_of_a_meeting_that_is_not_published(client, staff, agency, other_agency):
    meeting, _work = held.second(staff, agency, other_agency)
    client.force_login(staff)
    answer = client.get(url_of(meeting))
    texts = "".join(paragraphs(answer.content))
    assert SECRET in texts and ADDRESS not in texts
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert SECRET in squeezed("".join(page_texts(client.get(url_of(meeting, "pdf")).content)))


def test_before_the_meeting_a_sentence_says_that_there_are_no_minutes_yet(client, staff):
    meeting = held.of_series(staff, held.SECOND)
    client.force_login(staff)
    answer = client.get(url_of(meeting))
    assert (answer.status_code, answer.url) == (302, reverse("desk:meeting-detail", args=[meeting.key]))
    assert [str(each) for each in get_messages(answer.wsgi_request)] == [
        "ยังไม่มีรายงานการประชุมก่อนวันประชุม กรุณาบันทึกว่าประชุมแล้วก่อน"
    ]


def test_of_a_conference_a_sentence_says_that_it_has_no_minutes(client, staff):
    meeting = factories.make_meeting(staff)
    client.force_login(staff)
    answer = client.get(url_of(meeting))
    assert (answer.status_code, answer.url) == (302, reverse("desk:meeting-detail", args=[meeting.key]))
    assert [str(each) for each in get_messages(answer.wsgi_request)] == ["งานประชุมสัมมนามีกำหนดการ แต่ไม่มีรายงานการประชุม"]


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_an_invitation_is_there_before_the_meeting_for_all_and_for_one(client, staff, ending):
    meeting = held.of_series(staff, held.SECOND)
    to = held.part(MeetingPerson, staff, meeting, name_th="นายก", email=ADDRESS)
    client.force_login(staff)

    def said(query):
        made = client.get(url_of(meeting, ending, "invitation") + query).content
        return squeezed("".join(paragraphs(made) if ending == "docx" else page_texts(made)))

    assert "เรียนอ.ก.พ.ร.เพื่ออนาคต" in said("") and "นายก" not in said("")
    assert "เรียนนายก" in said(f"?person={to.pk}")
    assert ADDRESS not in said(f"?person={to.pk}")
    name = client.get(url_of(meeting, ending, "invitation"))["Content-Disposition"]
    assert unquote(name) == f"attachment; filename*=utf-8''หนังสือเชิญประชุม อ.ก.พ.ร. เพื่ออนาคต 1-2564.{ending}"


def test_a_person_of_another_meeting_or_none_gets_no_letter(client, staff, agency, other_agency):
    meeting = held.of_series(staff, held.SECOND)
    other = held.of_series(staff, held.FIRST)
    stranger = held.part(MeetingPerson, staff, other, name_th="นายข")
    client.force_login(staff)
    for person in (stranger.pk, "0", "x", "", "-1", "9" * 30, "๑"):
        assert client.get(url_of(meeting, kind="invitation"), {"person": person}).status_code == 404


def test_only_staff_get_them(client, staff, reporter):
    meeting = held.of_series(staff, held.FIRST)
    client.force_login(reporter)
    for kind in ("minutes", "invitation"):
        assert client.get(url_of(meeting, kind=kind)).status_code == 403
