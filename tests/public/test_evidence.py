"""Files at their one address: evidence of updates, files of answers, papers of meetings; each to whom it is shown."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agencies.models import Agency, User
from govlab import files
from projects.models import AgendaItem, AnswerFile, Evidence, Meeting, Paper, Project, Shown
from projects.models.files import StoredFile
from projects.rules import assignments, meetings, papers, publishing, reviews, updates
from tests import factories


def pdf(name: str) -> bytes:
    """A small one that is like no other."""
    return b"%PDF-1.4\n% " + name.encode() + b"\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


def taken(name: str) -> files.Attached:
    return files.take(SimpleUploadedFile(name, pdf(name)))


def address(file: StoredFile | uuid.UUID) -> str:
    return reverse("public:evidence", args=[file if isinstance(file, uuid.UUID) else file.pk])


@pytest.fixture
def item(staff: User) -> AgendaItem:
    """An agenda item of a published meeting that shows everything."""
    meeting = factories.make_meeting(staff, published=False)
    item = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="เรื่องเพื่อพิจารณา", shown=Shown.EVERYTHING)
    papers.attach(item, by=staff, files=[taken("เอกสาร.pdf")])
    publishing.publish(meeting, by=staff)
    return AgendaItem.objects.get(pk=item.pk)


@pytest.fixture
def everything(item: AgendaItem, reporter: User, staff: User, agency: Agency, other_agency, project: Project) -> Any:
    """A file of every kind, by what it is."""
    hidden = meetings.add_part(
        AgendaItem, by=staff, meeting=factories.make_meeting(staff), title_th="วาระลับ", shown=Shown.RESOLUTIONS
    )
    papers.attach(hidden, by=staff, files=[taken("ลับ.pdf")])
    assignment = factories.make_assignment(staff, agency, partners=[other_agency])
    assignments.answer(assignment, by=reporter, text="ตามแนบ", attach=[taken("คำตอบ.pdf")])
    for name, release in (("เผยแพร่.pdf", True), ("ภายใน.pdf", False)):
        update = updates.add(by=reporter, project=project, **factories.FULL)
        update = updates.edit(update, by=reporter, version=update.version, attach=[taken(name)], release=release)
        reviews.approve(updates.submit(update, by=reporter), by=staff)
    return {
        "paper": Paper.objects.get(item=item),
        "hidden paper": Paper.objects.get(item=hidden),
        "answer": AnswerFile.objects.get(),
        "released": Evidence.objects.get(released=True),
        "not released": Evidence.objects.get(released=False),
    }


SEEN = {
    "visitor": {"paper", "released"},
    "stranger": {"paper", "released"},  # asked together with the agency, and still not their answer
    "reporter": {"paper", "released", "not released", "answer"},
    "staff": {"paper", "released", "not released", "answer", "hidden paper"},
}


@pytest.mark.parametrize("who", SEEN)
def test_each_file_goes_to_whom_it_is_shown(
    who: str, everything: dict[str, StoredFile], sign_in, client, request: pytest.FixtureRequest
) -> None:
    if who != "visitor":
        client = sign_in(request.getfixturevalue(who))
    missing = client.get(address(uuid.uuid4()))
    for name, file in everything.items():
        answer = client.get(address(file))
        assert (name, answer.status_code) == (name, 200 if name in SEEN[who] else 404)
        if answer.status_code == 404:
            assert plain(answer, file.pk) == plain(missing, missing.wsgi_request.path.split("/")[2])
            continue
        public = name in SEEN["visitor"]
        assert b"".join(answer.streaming_content) == pdf(file.name)
        assert answer["Cache-Control"] == ("public, max-age=0, must-revalidate" if public else "private, no-store")
        assert answer["Content-Type"] == "application/pdf"


def plain(answer: Any, number: Any) -> str:
    return answer.content.decode().replace(str(number), "")


def test_a_paper_goes_with_its_meeting(client, staff: User, item: AgendaItem) -> None:
    url = address(Paper.objects.get())
    answer = client.get(url)
    assert (answer.status_code, b"".join(answer.streaming_content)[:5]) == (200, b"%PDF-")
    publishing.hide(Meeting.objects.get(pk=item.meeting_id), by=staff)
    assert client.get(url).status_code == 404


def test_what_is_public_asks_the_database_once_and_nobody_who_they_are(
    everything, sign_in, client, reporter: User, django_assert_num_queries
) -> None:
    for name in ("released", "paper"):
        with django_assert_num_queries(1):
            answer = client.get(address(everything[name]))
        assert ("Cookie" in answer.headers.get("Vary", ""), b"".join(answer.streaming_content)[:4]) == (False, b"%PDF")
    client = sign_in(reporter)
    with django_assert_num_queries(1):
        b"".join(client.get(address(everything["released"])).streaming_content)
    with django_assert_num_queries(4):  # besides: the session, the person, and what is theirs
        b"".join(client.get(address(everything["answer"])).streaming_content)
