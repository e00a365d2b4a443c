"""What programs write, noun by noun: who may do what, and always what the rule behind the page's form does too."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

import agencies.api.urls
import projects.api.urls
from agencies.api.keeping import Kept, Noun
from agencies.models import Agency, Source, User
from govlab.history import standing
from tests.world import World, make_world

pytestmark = pytest.mark.django_db

DOORS = {
    path.replace(r"(?P<table>fields|labs|facets|types|series|principles)", "fields"): door
    for path, door, _name in agencies.api.urls.ROUTES + projects.api.urls.ROUTES
    if issubclass(door, Kept)
}
WHO = ("visitor", "stranger", "reporter", "lead", "staff")
DONE, NOT_NOW, FORBIDDEN, NOTHING, SIGN_IN = "done", "not now", "forbidden", "nothing", "sign in"
LETTERS = {"D": DONE, "n": NOT_NOW, "f": FORBIDDEN, "0": NOTHING, "s": SIGN_IN}
OUTCOMES = {200: DONE, 201: DONE, 204: DONE, 400: NOT_NOW, 401: SIGN_IN, 403: FORBIDDEN, 404: NOTHING}
DESK, HIDDEN, LEADS, TEAM = "sfffD", "s000D", "sffDD", "s0DDD"
"""For visitor, stranger, reporter, lead and staff, where the record is public; HIDDEN: only staff see it."""


@dataclass(frozen=True)
class Row:
    """A verb on a record: what is sent, and what the rule takes where that is something else."""

    path: str
    verb: str
    thing: Callable[[World], Any]
    sent: dict[str, Any] = field(default_factory=dict)
    letters: str = DESK
    answers: Callable[[World], dict[str, Any]] | None = None

    @property
    def noun(self) -> Noun:
        """The row of the API's own table."""
        return DOORS[self.path].noun

    def rule(self) -> tuple[Any, bool]:
        """The rule, and whether it looks at the version."""
        if self.verb in ("edit", "remove"):
            return getattr(self.noun, self.verb), True
        [verb] = [each for each in self.noun.verbs if each.name == self.verb]
        return verb.rule, verb.versioned


def project(w: World) -> Any:
    return w.project


def meeting(w: World) -> Any:
    return w.meeting


def item(w: World) -> Any:
    return w.assignment.resolution.item


def call(w: World) -> Any:
    return w.call


def theme(w: World) -> Any:
    return w.theme


def waiting(w: World) -> Any:
    return w.call.voices.get(state="waiting")


def shown(w: World) -> Any:
    return w.call.voices.get(state="shown")


TODAY = timezone.localdate()
LATER = TODAY + dt.timedelta(days=20)
TITLE = {"title_th": "ชื่อใหม่"}
CHANGES = [
    Row("projects", "edit", project, {**TITLE, "problem_th": "ต้องรอคิวนาน"}),
    Row("projects", "edit", lambda w: w.draft_project, TITLE, "s0ffD"),
    Row("projects", "publish", lambda w: w.draft_project, {}, "s0ffD"),
    Row("projects", "hide", project),
    Row("projects", "remove", project, {}, "sfffn"),
    Row("parts", "edit", lambda w: w.project.parts.get(), {"part": "support"}),
    Row("parts", "remove", lambda w: w.project.parts.get()),
    Row("stages", "edit", lambda w: w.project.stages.get(number=2), {"planned_end": None, "state": "in_progress"}),
    Row("indicators", "edit", lambda w: w.indicator, {"target": "12.5"}),
    Row("indicators", "remove", lambda w: w.indicator),
    Row("cohorts", "edit", lambda w: w.project.cohort, {"about_th": "รุ่นแรก"}),
    Row("agencies", "edit", lambda w: w.agency, {"short_th": "กต."}),
    Row("agencies", "passing", lambda w: w.agency, {"lead_passes_on": True}, LEADS),
    Row("innovations", "edit", lambda w: w.innovation, {**TITLE, "country": "EE"}),
    Row("innovations", "publish", lambda w: w.draft_innovation, {}, HIDDEN),
    Row("innovations", "hide", lambda w: w.innovation),
    Row("innovations", "remove", lambda w: w.draft_innovation, {}, HIDDEN),
    Row("innovations", "remove", lambda w: w.innovation, {}, "sfffn"),
    Row("lookups/fields", "edit", lambda w: w.lookup, {"name_en": "Education"}),
    Row("lookups/fields", "edit", lambda w: w.lookup, {"name_th": ""}, "sfffn"),
    Row("lookups/fields", "remove", lambda w: w.lookup, {}, "sfffn"),
    Row("sources", "edit", lambda w: Source.objects.get(), {"title_en": "News"}),
    Row("sources", "remove", lambda w: Source.objects.get()),
    Row("synonyms", "edit", lambda w: w.synonyms, {"words": "ไกด์\nguide"}, HIDDEN),
    Row("synonyms", "remove", lambda w: w.synonyms, {}, HIDDEN),
    Row("series", "edit", lambda w: w.series, {"quorum": 3}),
    Row("series", "remove", lambda w: w.series),
    Row("series-members", "edit", lambda w: w.series.members.get(), {"role_th": "ประธาน"}, HIDDEN),
    Row("series-members", "remove", lambda w: w.series.members.get(), {}, HIDDEN),
    Row("standing-items", "edit", lambda w: w.series.standing_items.first(), TITLE, HIDDEN),
    Row("standing-items", "remove", lambda w: w.series.standing_items.first(), {}, HIDDEN),
    Row("schedules", "edit", lambda w: w.round.schedule, {"due_after": 20}, HIDDEN),
    Row("named-dates", "remove", lambda w: w.date, {}, HIDDEN),
    Row("exceptions", "edit", lambda w: w.exception, {"extra_days": 5}, HIDDEN),
    Row("exceptions", "remove", lambda w: w.exception, {}, HIDDEN),
    Row("rounds", "edit", lambda w: w.round, {"due_on": LATER.isoformat()}, "s0ffD", lambda w: {"due_on": LATER}),
    Row("people", "edit", lambda w: w.membership.user, {"name": "ชื่อใหม่"}, HIDDEN),
    Row("memberships", "edit", lambda w: w.membership, {"role": "lead"}, "s0fDD"),
    Row("memberships", "remove", lambda w: w.membership, {}, "s0fDD"),
    Row("meetings", "edit", meeting, {"place_th": "ห้อง 1"}),
    Row("meetings", "edit", lambda w: w.draft_meeting, {"place_th": "ห้อง 1"}, HIDDEN),
    Row("meetings", "remove", lambda w: w.draft_meeting, {}, HIDDEN),
    Row("meetings", "publish", lambda w: w.draft_meeting, {}, HIDDEN),
    Row("meetings", "hide", meeting),
    Row("meetings", "invite", meeting, {}, "sfffn"),
    Row("meetings", "call_off", meeting, {}, "sfffn"),
    Row("meetings", "hold", meeting, {}, "sfffn"),
    Row("meetings", "finish", meeting),
    Row("meetings", "adopt", meeting, {}, "sfffn"),
    Row("meetings", "reopen", meeting, {}, "sfffn"),
    Row("meetings", "members", meeting),
    Row("meeting-people", "edit", lambda w: w.person, {"presence": "present"}),
    Row("meeting-people", "remove", lambda w: w.person),
    Row("sessions", "edit", lambda w: w.meeting.sessions.get(), TITLE),
    Row("sessions", "remove", lambda w: w.meeting.sessions.get()),
    Row("points", "edit", lambda w: w.meeting.points.get(), {"country": "DK"}),
    Row("points", "remove", lambda w: w.meeting.points.get()),
    Row("agenda-items", "edit", item, {**TITLE, "discussion": "ที่ประชุมหารือ"}),
    Row("agenda-items", "remove", item, {}, "sfffn"),
    Row("agenda-items", "move", item, {"to": "down"}),
    Row("papers", "remove", lambda w: w.meeting.agenda.exclude(papers=None)[0].papers.get(), {}, HIDDEN),
    Row("resolutions", "edit", lambda w: w.assignment.resolution, {"text_th": "รับทราบ"}),
    Row("resolutions", "remove", lambda w: w.assignment.resolution, {}, "sfffn"),
    Row("assignments", "edit", lambda w: w.assignment, {"text_th": "ทำแผน"}),
    Row("assignments", "remove", lambda w: w.assignment, {}, "sfffn"),
    Row("follow-ups", "edit", lambda w: w.meeting.follow_ups.get(), {"note": "ให้เร่ง"}, HIDDEN),
    Row("calls", "edit", call, {"about_th": "เพื่อแก้"}),
    Row("calls", "extend", call, {"closes_on": LATER.isoformat()}, LEADS, lambda w: {"closes_on": LATER}),
    Row("calls", "publish", call),
    Row("calls", "hide", call),
    Row("calls", "remove", call, {}, "sfffn"),
    Row("voices", "show", waiting, {}, "s0ffD"),
    Row("voices", "withhold", waiting, {"reason": "abuse"}, "s0ffD"),
    Row("voices", "wait", shown),
    Row("themes", "edit", theme, TITLE, TEAM),
    Row("themes", "answer", theme, {"answer_th": "แก้แล้ว", "outcome": "changed"}, TEAM),
    Row("themes", "show", theme, {}, "s0nnn"),
    Row("themes", "unshow", theme, {}, TEAM),
    Row("themes", "move", theme, {"to": "up"}, TEAM),
    Row("themes", "group", theme, {"voices": []}, TEAM),
    Row("themes", "ungroup", theme, {"voices": []}, TEAM),
    Row("themes", "remove", theme, {}, TEAM),
    Row("ratings", "show", lambda w: w.rating, {}, "s0ffD"),
    Row("ratings", "withhold", lambda w: w.rating, {"reason": "ด่า"}, "s0ffD"),
    Row("ratings", "take_out", lambda w: w.rating, {"reason": "ด่า"}, "s0ffD"),
    Row("ratings", "wait", lambda w: w.rating, {}, "s0ffD"),
    Row("proposals", "take", lambda w: w.proposal, {}, HIDDEN),
    Row("proposals", "decline", lambda w: w.proposal, {"reason": "มีแล้ว"}, HIDDEN),
    Row("links", "revoke", lambda w: w.link, {}, "s0DD0"),
    Row("webhooks", "edit", lambda w: w.delivery.webhook, {"name": "ชื่อใหม่", "kinds": ["call.closed"]}, HIDDEN),
    *(Row("webhooks", verb, lambda w: w.delivery.webhook, {}, HIDDEN) for verb in ("pause", "resume", "renew", "test")),
    Row("webhooks", "remove", lambda w: w.delivery.webhook, {}, HIDDEN),
    Row("imports", "stop", lambda w: w.imported, {}, HIDDEN),
    Row("imports", "apply", lambda w: w.imported, {}, "s000n"),
    Row("imports", "undo", lambda w: w.imported, {}, "s000n"),
]
BESIDES = {
    *(("meetings", "attendance"), ("series", "renew_feed"), ("series-members", "move"), ("standing-items", "move")),
    ("deliveries", "again"),
}
"""Tested on their own: what is sent is no answer of the rule, what changes is another row, or has no history."""


@pytest.fixture
def world(staff: User, agency: Agency, reporter: User) -> World:
    return make_world(staff, agency, reporter)


@pytest.fixture
def cast(reporter: User, lead: User, stranger: User, staff: User) -> dict[str, User | None]:
    return {"visitor": None, "stranger": stranger, "reporter": reporter, "lead": lead, "staff": staff}


def address(path: str, thing: Any) -> str:
    """Where the record is."""
    return f"/api/v1/{path}/{getattr(thing, DOORS[path].lookup_field)}/"


def ask(api: Any, path: str, verb: str, thing: Any, sent: Any, version: int | None = None) -> Any:
    """The request that a program makes for the verb."""
    one = address(path, thing)
    headers = {"if-match": f'"{thing.version if version is None else version}"'}
    if verb == "edit":
        return api.patch(one, sent, format="json", headers=headers)
    if verb == "remove":
        return api.delete(one, headers=headers)
    return api.post(f"{one}{verb.replace('_', '-')}/", sent, format="json", headers=headers)


MOMENTS = {"created_at", "updated_at", "decided_at", "revoked_at", "innovation_id"}


def as_kept(thing: Any) -> Any:
    """The record as it stands, with the last line of its history."""
    entry = type(thing).history.filter(id=thing.pk).latest("history_date", "history_id")
    row = type(thing).objects.filter(pk=thing.pk).values().first()
    said = (entry.history_change_reason, entry.history_type, entry.history_user_id)
    return said, row and {name: value for name, value in row.items() if name not in MOMENTS}


def by_rule(row: Row, thing: Any, person: Any, world: World) -> str:
    """What the rule says to the person, who finds the record only where it is visible."""
    rule, versioned = row.rule()
    answers = row.answers(world) if row.answers else row.sent
    along = {name: standing(thing, name) for name in row.noun.whole} if row.verb == "edit" else {}
    try:
        rule(thing, by=person, **({"version": thing.version} if versioned else {}), **(along | answers))
    except PermissionDenied:
        return FORBIDDEN
    except ValidationError:
        return NOT_NOW
    return DONE


def test_every_verb_does_through_the_api_what_its_rule_does(world: World, cast: Any, call: Any) -> None:
    doors = {who: call(person) for who, person in cast.items()}
    for row in CHANGES:
        thing = row.thing(world)
        thing = type(thing).objects.get(pk=thing.pk)
        for who, letter in zip(WHO, row.letters, strict=True):
            about, person, expected = (row.path, row.verb, who), cast[who], LETTERS[letter]
            with transaction.atomic():
                answer = ask(doors[who], row.path, row.verb, thing, row.sent)
                outcome = OUTCOMES.get(answer.status_code, answer.status_code)
                assert (about, outcome) == (about, expected), answer.content
                through_api = as_kept(thing)
                transaction.set_rollback(True)
            if person is None or expected == NOTHING:
                continue
            with transaction.atomic():
                said = by_rule(row, type(thing).objects.get(pk=thing.pk), person, world)
                assert (about, said) == (about, expected)
                assert (about, as_kept(thing)) == (about, through_api)
                transaction.set_rollback(True)


def test_every_verb_of_every_noun_stands_in_the_table() -> None:
    said = {(row.path, row.verb) for row in CHANGES} | BESIDES
    there = {
        (path, name)
        for path, door in DOORS.items()
        for name in [
            *(verb for verb in ("edit", "remove") if getattr(door.noun, verb)),
            *(verb.name for verb in door.noun.verbs),
        ]
    }
    assert said == there


def test_a_version_that_moved_on_is_refused_and_one_must_be_named(world: World, staff: User, call: Any) -> None:
    api = call(staff)
    for row in CHANGES:
        if row.letters not in (DESK, HIDDEN, TEAM):
            continue
        thing = row.thing(world)
        thing = type(thing).objects.get(pk=thing.pk)
        about, before = (row.path, row.verb), as_kept(thing)
        if row.rule()[1]:
            answer = ask(api, row.path, row.verb, thing, row.sent, thing.version + 1)
            assert (about, answer.status_code) == (about, 412)
        if row.verb in ("edit", "remove"):
            send = api.patch if row.verb == "edit" else api.delete
            answer = send(address(row.path, thing), row.sent, format="json")
            assert (about, answer.status_code) == (about, 428)
        assert as_kept(thing) == before
