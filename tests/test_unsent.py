"""What an agency has not sent stays its own: a word in everything it has not, and staff walk through every door."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, User
from agencies.rules import agencies
from govlab.files import Attached
from govlab.models import Letter, Typed
from projects.kinds import KINDS
from projects.models import DueReport, ProgressUpdate
from projects.rules import comments, links, reminders, rounds, updates
from projects.rules.readings import Measure
from tests import factories
from tests.test_doors import address, routes
from tests.world import World, make_world

pytestmark = pytest.mark.django_db

UNSENT = "นกเค้าแมวลับ"


@pytest.fixture
def world(staff: User, agency: Agency, reporter: User) -> World:
    return make_world(staff, agency, reporter)


@pytest.fixture
def unsent(world: World, agency: Agency, staff: User, reporter: User, lead: User) -> list[ProgressUpdate]:
    """Updates in every state in which the agency has them for itself, and one that was sent without the word."""
    file = Attached(f"{UNSENT}.pdf", "pdf", 9, "a" * 64)
    secret: dict[str, Any] = dict.fromkeys(("title", "text", "obstacles", "planned"), UNSENT)
    secret |= {"readings": {world.indicator: Measure(None, UNSENT)}, "attach": [file]}
    due = DueReport.objects.get(pk=world.due.pk)
    draft = updates.add(by=reporter, project=due.project, due=due, **factories.FULL | secret | {"readings": {}})
    withdrawn = updates.withdraw(factories.make_update(reporter, world.project, "submitted"), by=reporter)
    withdrawn = updates.edit(withdrawn, by=reporter, version=withdrawn.version, **secret)
    agency = agencies.set_passing(
        agency, by=lead, version=Agency.objects.get(pk=agency.pk).version, lead_passes_on=True
    )
    with_lead = updates.submit(factories.make_update(reporter, world.project, **secret), by=reporter)
    handed_back = updates.submit(factories.make_update(reporter, world.project, **secret), by=reporter)
    handed_back = updates.hand_back(handed_back, by=lead, reason=UNSENT)
    agencies.set_passing(agency, by=lead, version=agency.version, lead_passes_on=False)
    sent = factories.make_update(reporter, world.project, **secret)
    for update in (draft, withdrawn, with_lead, handed_back, sent):
        comments.add(update, by=reporter, text=UNSENT)
    links.make(sent, by=reporter, name=UNSENT, ends_on=timezone.localdate())
    clean = {**factories.FULL, "planned": "", "readings": {world.indicator: Measure()}}
    sent = updates.edit(sent, by=reporter, version=sent.version, detach=sent.evidence.all(), **clean)
    sent = updates.submit(sent, by=reporter)
    for path in ("edit", "comment"):
        own = Typed(user=reporter, path=reverse(f"workspace:update-{path}", args=[sent.pk]), saved_at=timezone.now())
        own.answers = {"text": [UNSENT]}
        own.save()
    reminders.remind(timezone.now().replace(hour=12) + dt.timedelta(days=60))
    return [draft, withdrawn, with_lead, handed_back, sent]


def pages(world: World, unsent: list[ProgressUpdate]) -> list[tuple[str, str]]:
    """Every door about the world and about each of these updates, as (page or api, address)."""
    found = []
    for name, words in routes().items():
        urls = [address(name, words, world)]
        if ":update-" in name and "pk" in words:
            number = {"number": 1} if "number" in words else {}
            urls += [reverse(name, kwargs={"pk": update.pk} | number) for update in unsent]
        found += [("api" if name.startswith("api:") else "page", url + more) for url in urls for more in ("", "?q=นก")]
    found += [("page", reverse("desk:history") + f"?kind={kind}") for kind in KINDS]
    for kind in ("update", "reading", "evidence", "comment", "link", "due-report"):
        keys = KINDS[kind].model.history.values_list("id", flat=True).distinct()
        found += [("page", reverse("desk:history-record", args=[kind, key])) for key in keys]
    found += [("page", reverse("desk:letter-detail", args=[pk])) for pk in Letter.objects.values_list("pk", flat=True)]
    return found


def test_staff_read_nothing_that_an_agency_has_not_sent(
    world: World, unsent: list[ProgressUpdate], staff: User, reporter: User, client: Client, call: Any
) -> None:
    rounds.close(world.round, by=staff)
    doors = {"page": client, "api": call(staff)}
    client.force_login(staff)
    told = []
    for door, url in pages(world, unsent):
        answer = doors[door].get(url)
        sent = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if UNSENT in sent.decode(errors="replace"):
            told.append(url)
    assert told == []
    texts = Letter.objects.values_list("subject", "text", "html")
    assert [text for text in texts if UNSENT in "".join(text)] == []
    client.force_login(reporter)
    for update in unsent:
        assert UNSENT in client.get(reverse("workspace:update-detail", args=[update.pk])).content.decode()
