"""Every route × every person × reading and writing: one table, and a route without a row fails."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from agencies.models import Agency, User
from projects.rules import links
from tests.doors_table import PERSONS, TABLE
from tests.world import CANARY, INSIDE, SPOKEN, World, make_world

pytestmark = pytest.mark.django_db

NOWHERE = {
    "code": "GL2599-9",
    "key": "no-such",
    "pk": 987654,
    "year": 2599,
    "number": 9,
    "table": "no-such",
    "name": "no-such",
    "form": "csv",
    "entry": 987654,
    "record": "GL2599-9",
    "theme": 987654,
    "to": "up",
    "width": 480,
    "ending": "pdf",
}
OUTSIDE = ("account_", "api-")
"""Routes of libraries, walked by tests of their own."""


def routes() -> dict[str, tuple[str, ...]]:
    """Every named route of ours with the words in its address."""
    found: dict[str, tuple[str, ...]] = {}

    def walk(patterns: list[URLPattern | URLResolver], space: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, ":".join(filter(None, (space, pattern.namespace))))
            elif pattern.name and not pattern.name.startswith(OUTSIDE):
                name = ":".join(filter(None, (space, pattern.name)))
                found[name] = tuple(pattern.pattern.regex.groupindex)

    walk(get_resolver().url_patterns, "")
    return found


def of_api(world: World) -> dict[str, Any]:
    """What stands behind addresses of the API that pages write otherwise, or how to look it up."""
    return {
        "agenda": world.assignment.resolution.item,
        "history": world.project.history.first,
        "membership": world.membership,
        "named": world.date,
        "point": world.meeting.points.get,
        "schedule": world.round.schedule,
        "session": world.meeting.sessions.get,
        "stage": lambda: world.project.stages.get(number=1),
        "standing": world.series.standing_items.first,
        "theme": world.theme,
        "voice": lambda: world.call.voices.get(state="waiting"),
    }


def address(name: str, words: tuple[str, ...], world: World) -> str:
    """The address of a route about the world's records."""
    thing, _, _verb = name.rsplit(":", maxsplit=1)[-1].partition("-")
    by_name = {"meeting-part": world.person, "desk:member": world.membership, "workspace:member": world.membership}
    records: dict[str, Any] = {
        "update": world.waiting if name in ("desk:update-approve", "desk:update-return") else world.update,
        "assignment": world.assignment,
        "innovation": world.innovation,
        "call": world.call,
        "theme": world.call,
        "voice": world.call,
        "resolution": world.assignment.resolution,
        "indicator": world.indicator,
        "lookup": world.lookup,
        "synonyms": world.synonyms,
        "round": world.round,
        "date": world.date,
        "exception": world.exception,
        "member": world.membership,
        "meeting": world.person,
        "token": world.token,
        "letter": world.letter,
        "webhook": world.delivery.webhook,
        "import": world.imported,
        "delivery": world.delivery,
        "link": world.link,
        "rating": world.rating,
        "person": world.staff,
        "part": world.project.parts.get,
        "evidence": world.evidence,
        "picture": world.evidence,
        "proposal": world.proposal,
        "due": world.due,
        "series": world.series.members.get,
        "history": world.project,
        "paper": lambda: a_paper(world),
        "follow": world.meeting.follow_ups.first,
        **by_name,
    }
    if name.startswith("api:"):
        records |= of_api(world)
    if name.startswith("desk:meeting-item"):
        records["meeting"] = world.assignment.resolution.item
    verb = name.rpartition(":update-")[2]
    if verb in ("pass-on", "hand-back", "withdraw"):
        records["update"] = world.with_lead
    if verb in ("open", "version", "comments") or name == "desk:update-comment":
        records["update"] = world.waiting
    if verb == "take-back":
        records["update"] = world.approved
    kinds = {"desk:history": "project", "api:history": "project", "desk:series": "members"}
    kind = kinds.get(name.partition("-")[0], "people")
    key = world.agency.key if thing == "agency" or name == "desk:member-add" else world.meeting.key
    key = world.series.key if thing == "series" else key
    key = "source" if thing == "source" else world.lookup.key if name == "api:lookup-detail" else key
    values = {
        "code": world.project.code,
        "key": key,
        "year": world.project.cohort.year,
        "number": 1,
        "table": "projects" if thing == "import" else "fields",
        "name": "projects",
        "form": "csv",
        "kind": kind,
        "token": lambda: links.token_of(world.link),
        "feed_key": world.series.feed_key,
        "ending": "docx",
        "to": "up",
        "theme": world.theme.pk,
        "width": 480,
        "entry": lambda: world.project.history.first().pk,
        "record": world.project.code,
    }
    if "pk" in words:
        values["pk"] = str(looked_up(records[thing]).pk)
    return reverse(name, kwargs={word: looked_up(values[word]) for word in words})


def a_paper(world: World) -> Any:
    """What is attached to an item of the meeting."""
    return world.meeting.agenda.exclude(papers=None).first().papers.first()


def looked_up(thing: Any) -> Any:
    """The thing itself; one that has to be looked up is, now that an address asks for it."""
    return thing() if callable(thing) else thing


def ask(client: Client, method: str, url: str) -> int:
    """The answer's status; whatever was written is taken back."""
    kind = "application/json" if "/api/" in url else "text/plain"
    with transaction.atomic():
        answer = client.generic(method, url, content_type=kind)
        transaction.set_rollback(True)
    if answer.streaming:
        list(answer.streaming_content)  # read to its end, a file is closed
    return answer.status_code


@pytest.fixture
def world(staff: User, agency: Agency, reporter: User) -> World:
    return make_world(staff, agency, reporter)


@pytest.fixture
def person(request: pytest.FixtureRequest) -> User | None:
    return None if request.param == "visitor" else request.getfixturevalue(request.param)


def signed_in(user: User | None, call: Any, client: Client) -> dict[str, Client]:
    """The person's browser and the person's program."""
    if user:
        client.force_login(user)
    return {"page": client, "api": call(user)}


@pytest.mark.parametrize(("who", "person"), [(p, p) for p in PERSONS], indirect=["person"], ids=PERSONS)
def test_every_route_answers_each_person_as_the_table_says(
    who: str, person: User | None, world: World, call: Any, client: Client
) -> None:
    doors = signed_in(person, call, client)
    got, wanted = {}, {}
    for name, words in routes().items():
        door = doors["api" if name.startswith("api:") else "page"]
        url = address(name, words, world)
        got[name] = f"{ask(door, 'GET', url)} {ask(door, 'POST', url)}"
        wanted[name] = TABLE.get(name, dict.fromkeys(PERSONS, "no row"))[who]
    assert got == wanted


def test_the_table_names_no_route_that_is_gone() -> None:
    assert set(TABLE) == set(routes())


@pytest.mark.parametrize(("who", "person"), [("stranger", "stranger"), ("visitor", "visitor")], indirect=["person"])
def test_what_is_not_yours_to_see_answers_like_what_is_not_there(
    who: str, person: User | None, world: World, call: Any, client: Client
) -> None:
    doors = signed_in(person, call, client)
    for name, words in routes().items():
        if "pk" not in words and "code" not in words:
            continue
        door = doors["api" if name.startswith("api:") else "page"]
        url = address(name, words, world)
        values = {**dict.fromkeys(words, ""), **{w: v for w, v in NOWHERE.items() if w in words}}
        if "kind" in values:
            values["kind"] = "project" if name.startswith("api:") else "people"
        by_uuid = ("public:evidence", "public:picture", "desk:paper-remove", "desk:delivery-", "desk:import-")
        by_uuid += ("api:delivery-", "api:import-detail", "api:import-report", "api:import-file", "api:import-row-")
        if name.startswith(by_uuid):
            values["pk"] = "00000000-0000-4000-8000-000000000000"
        missing = door.get(reverse(name, kwargs=values))
        there = door.get(url)
        if there.status_code == 404:
            assert (missing.status_code, missing.content.replace(b" ", b"")[:200]) == (
                404,
                there.content.replace(b" ", b"")[:200],
            ), name


@pytest.mark.parametrize(("who", "person"), [("stranger", "stranger"), ("visitor", "visitor")], indirect=["person"])
def test_no_page_shows_a_word_that_is_private_to_another_agency(
    who: str, person: User | None, world: World, call: Any, client: Client
) -> None:
    doors = signed_in(person, call, client)
    for name, words in routes().items():
        door = doors["api" if name.startswith("api:") else "page"]
        for url in (address(name, words, world), address(name, words, world) + f"?q={CANARY[:5]}&state=draft"):
            answer = door.get(url)
            assert CANARY not in getattr(answer, "content", b"").decode(errors="replace"), url


@pytest.mark.parametrize(("who", "person"), [("reporter", "reporter"), ("lead", "lead")], indirect=["person"])
def test_what_staff_say_among_themselves_never_reaches_the_agency(
    who: str, person: User | None, world: World, call: Any, client: Client, staff: User
) -> None:
    doors = signed_in(person, call, client)
    seen = 0
    for name, words in routes().items():
        door = doors["api" if name.startswith("api:") else "page"]
        for update in (world.waiting, world.approved) if ":update-" in name and "pk" in words else (None,):
            url = address(name, words, world)
            if update:
                url = reverse(name, kwargs={"pk": update.pk} | ({"number": 1} if "number" in words else {}))
            answer = door.get(url)
            sent = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = sent.decode(errors="replace")
            assert INSIDE not in text, url
            seen += SPOKEN in text
    assert seen >= 3  # the word to the agency stands on its pages and in the API
    client.force_login(staff)
    assert INSIDE in client.get(reverse("desk:update-detail", args=[world.waiting.pk])).content.decode()


def test_the_canary_sings_for_those_who_may_hear_it(world: World, staff: User, client: Client) -> None:
    client.force_login(staff)
    for url in (
        reverse("desk:update-detail", args=[world.waiting.pk]),
        reverse("desk:project-list"),
        reverse("desk:meeting-list"),
        reverse("desk:innovation-list"),
        reverse("desk:voice-list"),
        reverse("desk:call-detail", args=[world.call.pk]),
        reverse("desk:assignment-detail", args=[world.assignment.pk]),
    ):
        assert CANARY in client.get(url).content.decode(), url
