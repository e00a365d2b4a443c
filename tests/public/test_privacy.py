"""Public pages set no cookie, ask for none, and hold no private word: a canary sits in every private field."""

import datetime as dt
import io
import json
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from govlab import files
from govlab.history import keep
from projects.models import (
    AgendaItem,
    AnswerFile,
    Assignment,
    Evidence,
    FollowUp,
    Indicator,
    Meeting,
    MeetingPerson,
    MeetingSeries,
    MeetingSession,
    Paper,
    ProgressUpdate,
    Resolution,
    SeriesMember,
    Shown,
)
from projects.rules import assignments, comments, decisions, papers, publishing, rounds, series
from projects.rules.meetings import add_part
from projects.rules.readings import Measure
from projects.rules.steps import open_steps
from tests import factories

pytestmark = pytest.mark.django_db
CANARY = "kanarienvogel"


def unseen(staff, meeting, agency, file):
    """Items of a published meeting that show less, or nothing, with all that stands under them."""
    origin = factories.make_meeting(staff)
    for shown in (Shown.NOTHING, Shown.TITLE):
        title = CANARY if shown == Shown.NOTHING else "มีแต่ชื่อ"
        item = add_part(AgendaItem, by=staff, meeting=meeting, title_th=title, shown=shown, discussion=CANARY)
        said = add_part(Resolution, by=staff, meeting=meeting, item=item, text_th=CANARY)
        add_part(Assignment, by=staff, meeting=meeting, resolution=said, agency=agency, text_th=CANARY)
        papers.attach(item, by=staff, files=[file])
        asked = add_part(Assignment, by=staff, meeting=origin, agency=agency, text_th="งานที่เปิดเผย")
        keep(FollowUp(meeting=meeting, item=item, assignment=asked), "carry_on", by=staff, note=CANARY)


@pytest.fixture
def told(staff, agency, other_agency, reporter, project):
    """A portal with a canary in everything that is not public, beside public things of every kind."""
    for person in (staff, reporter):
        person.name, person.email = f"{CANARY} {person.pk}", f"{CANARY}{person.pk}@govlab.test"
        person.save()
    secret = {"title_th": f"{CANARY} ก", "title_en": CANARY}
    draft = factories.make_project(staff, owner=agency, published=False, aim_th=CANARY, focus_th=CANARY, **secret)
    hidden = publishing.hide(factories.make_project(staff, owner=agency, **secret), by=staff)
    factories.make_innovation(staff, published=False, agency=agency, **secret)
    innovation = factories.make_innovation(staff, agency=agency, project=draft)
    stored = files.store(SimpleUploadedFile("a.png", b"bytes"))
    file = files.Attached(f"{CANARY}.png", "png", stored.size, stored.sha256)
    body = series.add(by=staff, key="body", name_th="คณะ")
    address = f"{CANARY}@govlab.test"
    series.add_part(SeriesMember, by=staff, series=body, name_th=CANARY, role_th=CANARY, email=address)
    for published in (True, False):
        words = {} if published else {**secret, "place_th": CANARY}
        meeting = factories.make_meeting(staff, published=published, kind="workshop", hosts=[agency], **words)
        keep(meeting, "edit", by=staff, projects=[project, draft, hidden])
        text = f"ข้อ {published}" if published else CANARY
        name = {"name_th": "นายเปิดเผย"} if published else {"name_th": CANARY}
        add_part(MeetingPerson, by=staff, meeting=meeting, email=address, part="speaker", **name)
        add_part(MeetingSession, by=staff, meeting=meeting, title_th=text)
        item = add_part(
            AgendaItem, by=staff, meeting=meeting, title_th=text, discussion=CANARY, projects=[draft, hidden]
        )
        resolution = add_part(Resolution, by=staff, meeting=meeting, item=item, text_th=text)
        asked = add_part(
            Assignment, by=staff, meeting=meeting, resolution=resolution, agency=agency, text_th=text,
            partners=[other_agency], due_on=dt.date(2020, 1, 1), responsible=CANARY, projects=[draft],
        )  # fmt: skip
        papers.attach(item, by=staff, files=[file])
        if published:
            shown = meeting
            assignments.answer(asked, by=reporter, text=CANARY, attach=[file])
            asked.refresh_from_db()
            asked = decisions.send_back(asked, by=staff, reason=CANARY)
            decisions.close(asked, by=staff, note=CANARY)
            keep(shown, "adopt", by=staff, adoption_note=CANARY)
    unseen(staff, shown, agency, file)
    indicator = keep(Indicator(project=project), "add", by=staff, name_th="คิว", unit_th="นาที", baseline=10)
    missing = keep(Indicator(project=project), "add", by=staff, name_th="คิวนัด", unit_th="นาที")
    for state in ("draft", "submitted", "returned"):
        factories.make_update(
            reporter, project, state, staff, title=CANARY, text=CANARY, obstacles=CANARY, planned=CANARY,
            attach=[file], release=True,
            readings={indicator: Measure(Decimal(987654)), missing: Measure(None, CANARY)},
        )  # fmt: skip
    approved = factories.make_update(
        reporter, project, "approved", staff, obstacles=CANARY, planned=CANARY, attach=[file], release=False
    )
    for by in (staff, reporter):
        comments.add(approved, by=by, text=CANARY)
    due = factories.make_round(staff).reports.get(project=project)
    rounds.waive(due, by=staff, reason=CANARY)
    assert open_steps(staff, approved) == ["take_back"]
    assert (ProgressUpdate.objects.count(), Evidence.objects.count()) == (4, 4)
    return [
        "/", "/projects/", f"/projects/{project.code}/", "/agencies/", f"/agencies/{agency.key}/",
        f"/agencies/{other_agency.key}/", "/meetings/", f"/meetings/{shown.key}/", "/innovations/",
        f"/innovations/{innovation.pk}/", "/search/", "/search/?q=ข้อ", f"/search/?q={CANARY}", "/about/", "/robots.txt",
        "/favicon.ico", f"/projects/?agency={agency.key}",
        "/resolutions/", f"/resolutions/?agency={agency.key}",
        *(f"/resolutions/{row.pk}/" for row in Resolution.objects.all()),
        f"/projects/{draft.code}/", f"/projects/{hidden.code}/",
    ]  # fmt: skip


def test_no_public_page_tells_what_is_private_to_anybody(client, told, staff, reporter):
    for person in (None, staff, reporter):
        if person:
            client.force_login(person)
        for path in (*told, *(f"/en{path}" for path in told)):
            text = client.get(path).text if "favicon" not in path else ""
            # The title, the box, the other language, what was not found, the link that follows it, and five that share.
            echoes = 10 if path.endswith(f"q={CANARY}") else 0
            assert (text.count(CANARY), text.count("987,654")) == (echoes, 0), path


@pytest.mark.parametrize("who", [None, "stranger"])
def test_no_program_of_another_reads_what_is_private(call, told, who, request, agency):
    door = call(request.getfixturevalue(who)) if who else call()
    for row in Assignment.objects.all():
        row.partners.clear()  # else the stranger's agency was asked along
    found = 0
    for kind in ("meetings", "resolutions", "assignments", "lookups/series", "projects", "agencies"):
        listed = door.get(f"/api/v1/{kind}/").json()["results"]
        key = next(name for name in ("key", "code", "id") if name in listed[0])
        for row in [*listed, *(door.get(f"/api/v1/{kind}/{row[key]}/").json() for row in listed)]:
            found += 1
            assert CANARY not in json.dumps(row, ensure_ascii=False), (kind, row[key])
    assert found > 10
    assert CANARY not in str(door.get("/api/v1/search/", {"q": CANARY}).json())


def test_no_file_tells_what_is_private(client, told, stranger):
    """Evidence of answers, papers of items that show less, calendars, and the minutes as everybody gets them."""
    for person in (None, stranger):
        if person:
            client.force_login(person)
        kept = [*Paper.objects.all(), *AnswerFile.objects.all()]
        assert {client.get(f"/evidence/{row.pk}/").status_code for row in kept} == {404}
        meeting = Meeting.objects.public().exclude(agenda=None).get()
        series_key = MeetingSeries.objects.get().feed_key
        for path in (
            f"/meetings/{meeting.key}/calendar.ics",
            "/meetings/series/body.ics",
            f"/calendars/{series_key}.ics",
        ):
            assert ("BEGIN:VCALENDAR" in client.get(path).text, CANARY in client.get(path).text) == (True, False)
        with zipfile.ZipFile(io.BytesIO(client.get(f"/meetings/{meeting.key}/minutes.docx").content)) as word:
            texts = "".join(word.read(name).decode() for name in word.namelist() if name.endswith(".xml"))
        assert ("มีแต่ชื่อ" in texts, CANARY in texts) == (True, False)


def test_the_same_page_for_everybody_without_a_cookie(client, told, staff):
    for path in (*told, *(f"/en{path}" for path in told)):
        client.logout()
        anonymous = client.get(path)
        assert (dict(anonymous.cookies), "Cookie" in anonymous.headers.get("Vary", "")) == ({}, False), path
        if anonymous.status_code == 200:
            assert anonymous.headers["Cache-Control"] == "public, max-age=0, must-revalidate", path
        client.force_login(staff)
        assert client.get(path).content == anonymous.content, path


def test_the_canary_would_be_seen(client, told, staff, agency):
    """The negative control: published, it is on the page."""
    factories.make_project(staff, owner=agency, title_th=CANARY)
    assert CANARY in client.get("/projects/").text
