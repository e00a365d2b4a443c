"""Public pages set no cookie, ask for none, and hold no private word: a canary sits in every private field."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from govlab import files
from govlab.history import keep
from projects.models import AgendaItem, Assignment, Evidence, Indicator, ProgressUpdate, Resolution
from projects.rules import assignments, comments, publishing, rounds
from projects.rules.meetings import add_part
from projects.rules.readings import Measure
from projects.rules.steps import open_steps
from tests import factories

pytestmark = pytest.mark.django_db
CANARY = "kanarienvogel"


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
    for published in (True, False):
        words = {} if published else {**secret, "place_th": CANARY}
        meeting = factories.make_meeting(staff, published=published, hosts=[agency], **words)
        keep(meeting, "edit", by=staff, projects=[project, draft, hidden])
        text = f"ข้อ {published}" if published else CANARY
        item = add_part(AgendaItem, by=staff, meeting=meeting, number="1", title_th=text)
        resolution = add_part(Resolution, by=staff, meeting=meeting, item=item, number="1.1", text_th=text)
        asked = add_part(
            Assignment, by=staff, meeting=meeting, resolution=resolution, agency=agency, text_th=text,
            partners=[other_agency], due_on=dt.date(2020, 1, 1),
        )  # fmt: skip
        if published:
            shown = meeting
            assignments.answer(asked, by=reporter, text=CANARY)
            assignments.close(asked, by=staff, note=CANARY)
    stored = files.store(SimpleUploadedFile("a.png", b"bytes"))
    file = files.Attached(f"{CANARY}.png", "png", stored.size, stored.sha256)
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
        "/favicon.ico", f"/projects/?agency={agency.key}", f"/projects/{draft.code}/", f"/projects/{hidden.code}/",
    ]  # fmt: skip


def test_no_public_page_tells_what_is_private_to_anybody(client, told, staff, reporter):
    for person in (None, staff, reporter):
        if person:
            client.force_login(person)
        for path in (*told, *(f"/en{path}" for path in told)):
            text = client.get(path).text if "favicon" not in path else ""
            echoes = 3 if path.endswith(f"q={CANARY}") else 0  # the title, the box, the link to the other language
            assert (text.count(CANARY), text.count("987,654")) == (echoes, 0), path


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
