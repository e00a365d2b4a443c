"""Who sees which record in which state: one literal table over every kind of record that not everybody sees."""

import datetime as dt
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from agencies.models import Agency, Membership, User
from agencies.rules import records
from govlab.files import Attached
from govlab.history import keep
from projects.models import (
    AgendaItem,
    Assignment,
    Evidence,
    FollowUp,
    ImportRow,
    Indicator,
    Meeting,
    MeetingPerson,
    MeetingPoint,
    MeetingSession,
    ProgressUpdate,
    Project,
    Reading,
    Resolution,
    ScheduleException,
    SeriesMember,
    Shown,
    StandingItem,
    Synonyms,
)
from projects.rules import (
    assignments,
    comments,
    imports,
    links,
    meetings,
    papers,
    projects,
    proposals,
    publishing,
    ratings,
    reviews,
    rounds,
    series,
    themes,
    updates,
    webhooks,
)
from projects.rules.readings import Measure
from tests import factories

EVERYBODY = "visitor stranger supporter partner reporter lead staff staff_in_agency"
"""`agency` owns the project and is asked; `partner` and `supporter` report for agencies with these parts; the
partner's agency is asked along; `staff_in_agency` belongs to `agency` as well."""
INSIDERS = "partner reporter lead staff staff_in_agency"
AGENCY_AND_STAFF = "reporter lead staff staff_in_agency"
AGENCY = "reporter lead staff_in_agency"
STAFF = "staff staff_in_agency"

TABLE = {
    "project: draft": INSIDERS,
    "project: published": EVERYBODY,
    "project: hidden": INSIDERS,
    "part of a project: draft": INSIDERS,
    "part of a project: published": EVERYBODY,
    "part of a project: hidden": INSIDERS,
    "stage: draft": INSIDERS,
    "stage: published": EVERYBODY,
    "stage: hidden": INSIDERS,
    "indicator: draft": INSIDERS,
    "indicator: published": EVERYBODY,
    "indicator: hidden": INSIDERS,
    # An update, its readings and its evidence: state of the project, state of the update.
    "update: draft, draft": AGENCY,
    "update: draft, submitted": AGENCY_AND_STAFF,
    "update: draft, returned": AGENCY_AND_STAFF,
    "update: draft, approved": AGENCY_AND_STAFF,
    "update: published, draft": AGENCY,
    "update: published, submitted": AGENCY_AND_STAFF,
    "update: published, returned": AGENCY_AND_STAFF,
    "update: published, approved": EVERYBODY,
    "update: hidden, draft": AGENCY,
    "update: hidden, submitted": AGENCY_AND_STAFF,
    "update: hidden, returned": AGENCY_AND_STAFF,
    "update: hidden, approved": AGENCY_AND_STAFF,
    "reading: draft, draft": AGENCY,
    "reading: draft, submitted": AGENCY_AND_STAFF,
    "reading: draft, returned": AGENCY_AND_STAFF,
    "reading: draft, approved": AGENCY_AND_STAFF,
    "reading: published, draft": AGENCY,
    "reading: published, submitted": AGENCY_AND_STAFF,
    "reading: published, returned": AGENCY_AND_STAFF,
    "reading: published, approved": EVERYBODY,
    "reading: hidden, draft": AGENCY,
    "reading: hidden, submitted": AGENCY_AND_STAFF,
    "reading: hidden, returned": AGENCY_AND_STAFF,
    "reading: hidden, approved": AGENCY_AND_STAFF,
    "evidence, released: draft, draft": AGENCY,
    "evidence, released: draft, submitted": AGENCY_AND_STAFF,
    "evidence, released: draft, returned": AGENCY_AND_STAFF,
    "evidence, released: draft, approved": AGENCY_AND_STAFF,
    "evidence, released: published, draft": AGENCY,
    "evidence, released: published, submitted": AGENCY_AND_STAFF,
    "evidence, released: published, returned": AGENCY_AND_STAFF,
    "evidence, released: published, approved": EVERYBODY,
    "evidence, released: hidden, draft": AGENCY,
    "evidence, released: hidden, submitted": AGENCY_AND_STAFF,
    "evidence, released: hidden, returned": AGENCY_AND_STAFF,
    "evidence, released: hidden, approved": AGENCY_AND_STAFF,
    "evidence, kept back: draft, draft": AGENCY,
    "evidence, kept back: draft, submitted": AGENCY_AND_STAFF,
    "evidence, kept back: draft, returned": AGENCY_AND_STAFF,
    "evidence, kept back: draft, approved": AGENCY_AND_STAFF,
    "evidence, kept back: published, draft": AGENCY,
    "evidence, kept back: published, submitted": AGENCY_AND_STAFF,
    "evidence, kept back: published, returned": AGENCY_AND_STAFF,
    "evidence, kept back: published, approved": AGENCY_AND_STAFF,
    "evidence, kept back: hidden, draft": AGENCY,
    "evidence, kept back: hidden, submitted": AGENCY_AND_STAFF,
    "evidence, kept back: hidden, returned": AGENCY_AND_STAFF,
    "evidence, kept back: hidden, approved": AGENCY_AND_STAFF,
    # What is said about an update is never public.
    "comment: draft, draft": AGENCY,
    "comment: draft, submitted": AGENCY_AND_STAFF,
    "comment: draft, returned": AGENCY_AND_STAFF,
    "comment: draft, approved": AGENCY_AND_STAFF,
    "comment: published, draft": AGENCY,
    "comment: published, submitted": AGENCY_AND_STAFF,
    "comment: published, returned": AGENCY_AND_STAFF,
    "comment: published, approved": AGENCY_AND_STAFF,
    "comment: hidden, draft": AGENCY,
    "comment: hidden, submitted": AGENCY_AND_STAFF,
    "comment: hidden, returned": AGENCY_AND_STAFF,
    "comment: hidden, approved": AGENCY_AND_STAFF,
    "comment among staff: draft, submitted": STAFF,
    "comment among staff: draft, returned": STAFF,
    "comment among staff: draft, approved": STAFF,
    "comment among staff: published, submitted": STAFF,
    "comment among staff: published, returned": STAFF,
    "comment among staff: published, approved": STAFF,
    "comment among staff: hidden, submitted": STAFF,
    "comment among staff: hidden, returned": STAFF,
    "comment among staff: hidden, approved": STAFF,
    "link to a report": AGENCY,
    "due report: draft": INSIDERS,
    "due report: published": INSIDERS,
    "due report: hidden": INSIDERS,
    "round": INSIDERS,
    "exception of a schedule": STAFF,
    "snapshot": STAFF,
    "meeting: draft": STAFF,
    "meeting: published": EVERYBODY,
    "meeting: hidden": STAFF,
    "person at a meeting: draft": STAFF,
    "person at a meeting: published": EVERYBODY,
    "person at a meeting: hidden": STAFF,
    "session: draft": STAFF,
    "session: published": EVERYBODY,
    "session: hidden": STAFF,
    "point: draft": STAFF,
    "point: published": EVERYBODY,
    "point: hidden": STAFF,
    "agenda item: draft": STAFF,
    "agenda item: published": EVERYBODY,
    "agenda item: hidden": STAFF,
    "resolution: draft": STAFF,
    "resolution: published": EVERYBODY,
    "resolution: hidden": STAFF,
    # The meetings of this table were held and show everything; MATRIX below has those to come and those that show less.
    "assignment: draft": INSIDERS,
    "assignment: published": EVERYBODY,
    "assignment: hidden": INSIDERS,
    "paper: draft": STAFF,
    "paper: published": EVERYBODY,
    "paper: hidden": STAFF,
    "follow-up: draft": STAFF,
    "follow-up: published": EVERYBODY,
    "follow-up: hidden": STAFF,
    # An answer is between the agency that gave it and staff.
    "answer: draft": AGENCY_AND_STAFF,
    "answer: published": AGENCY_AND_STAFF,
    "answer: hidden": AGENCY_AND_STAFF,
    "evidence of an answer: draft": AGENCY_AND_STAFF,
    "evidence of an answer: published": AGENCY_AND_STAFF,
    "evidence of an answer: hidden": AGENCY_AND_STAFF,
    "member of a series": STAFF,
    "standing item": STAFF,
    "words that mean the same": STAFF,
    "imported file": STAFF,
    "row of an imported file": STAFF,
    "webhook": STAFF,
    "delivery of a webhook": STAFF,
    # A project is rated while it is public; it may be hidden later.
    "rating, waiting: published": INSIDERS,
    "rating, shown: published": EVERYBODY,
    "rating, withheld: published": INSIDERS,
    "rating, waiting: hidden": INSIDERS,
    "rating, shown: hidden": INSIDERS,
    "rating, withheld: hidden": INSIDERS,
    "innovation: draft": STAFF,
    "innovation: published": EVERYBODY,
    "innovation: hidden": STAFF,
    "proposal: waiting": STAFF,
    "proposal: listed": STAFF,
    "proposal: declined": STAFF,
    "contact of a proposal": STAFF,
    # A call: state of the project, state of the call. Its voices follow it: what was decided about them, and how to
    # reach who wrote them, which never shows.
    "call: draft, draft": INSIDERS,
    "call: draft, published": INSIDERS,
    "call: draft, hidden": INSIDERS,
    "call: published, draft": INSIDERS,
    "call: published, published": EVERYBODY,
    "call: published, hidden": INSIDERS,
    "call: hidden, draft": INSIDERS,
    "call: hidden, published": INSIDERS,
    "call: hidden, hidden": INSIDERS,
    "voice: published, published, waiting": INSIDERS,
    "voice: published, published, shown": EVERYBODY,
    "voice: published, published, withheld": INSIDERS,
    "contact: published, published": INSIDERS,
    "theme: published, published, kept back": INSIDERS,
    "theme: published, published, shown": EVERYBODY,
    "voice: published, hidden, waiting": INSIDERS,
    "voice: published, hidden, shown": INSIDERS,
    "voice: published, hidden, withheld": INSIDERS,
    "contact: published, hidden": INSIDERS,
    "theme: published, hidden, kept back": INSIDERS,
    "theme: published, hidden, shown": INSIDERS,
    "voice: hidden, published, waiting": INSIDERS,
    "voice: hidden, published, shown": INSIDERS,
    "voice: hidden, published, withheld": INSIDERS,
    "contact: hidden, published": INSIDERS,
    "theme: hidden, published, kept back": INSIDERS,
    "theme: hidden, published, shown": INSIDERS,
}
STATES = ("draft", "published", "hidden")

MATRIX = """
agenda item, draft, to come              | staff    | staff     | staff     | staff
agenda item, draft, held                 | staff    | staff     | staff     | staff
agenda item, published, to come          | staff    | everybody | everybody | everybody
agenda item, published, held             | staff    | everybody | everybody | everybody
agenda item, hidden, to come             | staff    | staff     | staff     | staff
agenda item, hidden, held                | staff    | staff     | staff     | staff
resolution, draft, to come               | staff    | staff     | staff     | staff
resolution, draft, held                  | staff    | staff     | staff     | staff
resolution, published, to come           | staff    | staff     | staff     | staff
resolution, published, held              | staff    | staff     | everybody | everybody
resolution, hidden, to come              | staff    | staff     | staff     | staff
resolution, hidden, held                 | staff    | staff     | staff     | staff
assignment, draft, to come               | staff    | staff     | staff     | staff
assignment, draft, held                  | insiders | insiders  | insiders  | insiders
assignment, published, to come           | staff    | staff     | staff     | staff
assignment, published, held              | insiders | insiders  | everybody | everybody
assignment, hidden, to come              | staff    | staff     | staff     | staff
assignment, hidden, held                 | insiders | insiders  | insiders  | insiders
paper, draft, to come                    | staff    | staff     | staff     | staff
paper, draft, held                       | staff    | staff     | staff     | staff
paper, published, to come                | staff    | staff     | staff     | everybody
paper, published, held                   | staff    | staff     | staff     | everybody
paper, hidden, to come                   | staff    | staff     | staff     | staff
paper, hidden, held                      | staff    | staff     | staff     | staff
follow-up, draft, to come                | staff    | staff     | staff     | staff
follow-up, draft, held                   | staff    | staff     | staff     | staff
follow-up, published, to come            | staff    | staff     | staff     | staff
follow-up, published, held               | staff    | staff     | everybody | everybody
follow-up, hidden, to come               | staff    | staff     | staff     | staff
follow-up, hidden, held                  | staff    | staff     | staff     | staff
follow-up of a draft, draft, to come     | staff    | staff     | staff     | staff
follow-up of a draft, draft, held        | staff    | staff     | staff     | staff
follow-up of a draft, published, to come | staff    | staff     | staff     | staff
follow-up of a draft, published, held    | staff    | staff     | insiders  | insiders
follow-up of a draft, hidden, to come    | staff    | staff     | staff     | staff
follow-up of a draft, hidden, held       | staff    | staff     | staff     | staff
"""
"""Who sees a row of a meeting: by the meeting's state and phase, and (the columns) by what its item shows: nothing, the
title, the resolutions, everything. A follow-up of a draft comes from a meeting that is a draft itself."""
GROUPS = {"staff": STAFF, "insiders": INSIDERS, "everybody": EVERYBODY}


def settled(thing: Any, state: str, by: User) -> Any:
    """A draft brought into the state."""
    if state == "draft":
        return thing
    thing = publishing.publish(thing, by=by)
    return publishing.hide(thing, by=by) if state == "hidden" else thing


def project_and_parts(staff: User, state: str, agencies: dict[str, Agency], reporter: User) -> dict[str, Any]:
    """A project of this state with everything that hangs on it, by its row in the table."""
    project = factories.make_project(staff, published=False)
    for part, agency in agencies.items():
        projects.add_part(project, by=staff, agency=agency, part=part)
    indicator = records.add(Indicator, by=staff, project=project, name_th="เวลาที่รอ", unit_th="นาที")
    found = {
        f"project: {state}": project,
        f"part of a project: {state}": project.parts.get(part="support"),
        f"stage: {state}": project.stages.get(number=2),
        f"indicator: {state}": indicator,
    }
    for update_state in ("draft", "submitted", "returned", "approved"):
        released, kept_back = (Attached(name, "pdf", 9, "a" * 64) for name in ("เปิด.pdf", "ปิด.pdf"))
        update = updates.add(
            by=reporter,
            project=project,
            readings={indicator: Measure(Decimal(7))},
            attach=[released],
            release=True,
            **factories.FULL,
        )
        update = updates.edit(update, by=reporter, version=update.version, attach=[kept_back])
        if update_state != "draft":
            update = updates.submit(update, by=reporter)
        if update_state == "returned":
            reviews.return_(update, by=staff, reason="ขอจำนวน")
        if update_state == "approved":
            reviews.approve(update, by=staff)
        found[f"update: {state}, {update_state}"] = update
        found[f"reading: {state}, {update_state}"] = update.readings.get()
        found[f"evidence, released: {state}, {update_state}"] = update.evidence.get(name="เปิด.pdf", released=True)
        found[f"evidence, kept back: {state}, {update_state}"] = update.evidence.get(name="ปิด.pdf", released=False)
        found[f"comment: {state}, {update_state}"] = comments.add(update, by=reporter, text="รอเอกสาร")
        if update_state != "draft":
            inside = comments.add(update, by=staff, text="ดูตัวเลข", inside=True)
            found[f"comment among staff: {state}, {update_state}"] = inside
    settled(project, state, staff)
    return found


def asked(staff: User, reporter: User, found: dict[str, Any]) -> dict[str, Any]:
    """What a round asks of the projects, and how it ended."""
    shown = {state: found[f"project: {state}"] for state in STATES}
    publishing.publish(Project.objects.get(pk=shown["hidden"].pk), by=staff)  # a hidden one is never asked
    round_ = factories.make_round(staff)
    exception = records.add(
        ScheduleException, by=staff, schedule=round_.schedule, project=shown["draft"], asked="never", reason="เลื่อน"
    )
    publishing.hide(Project.objects.get(pk=shown["hidden"].pk), by=staff)
    rounds.close(round_, by=staff)
    return {
        **{f"due report: {state}": round_.reports.get(project=project) for state, project in shown.items()},
        "round": round_,
        "exception of a schedule": exception,
        "snapshot": round_.snapshots.first(),
        "link to a report": links.make(
            found["update: published, draft"], by=reporter, name="สมหญิง", ends_on=timezone.localdate()
        ),
    }


def proposed(staff: User) -> dict[str, Any]:
    """What visitors proposed for the library, and by what one of them wants to be reached."""
    made = [proposals.propose(title=f"เรื่อง {n}", about="ดี", contact="081") for n in range(3)]
    listed = proposals.list_as_innovation(made[1], by=staff)
    publishing.publish(listed.innovation, by=staff)
    declined = proposals.decline(made[2], by=staff, reason="ซ้ำ")
    return {
        "proposal: waiting": made[0],
        "proposal: listed": listed,
        "proposal: declined": declined,
        "contact of a proposal": made[0].contact,
    }


def rated(staff: User, found: dict[str, Any]) -> dict[str, Any]:
    """What visitors think of the projects, and what staff decided about it."""
    made: dict[str, Any] = {}
    for state in ("published", "hidden"):
        project = publishing.publish(Project.objects.get(pk=found[f"project: {state}"].pk), by=staff)
        for n, decided in enumerate(("waiting", "shown", "withheld")):
            rating = ratings.rate(project, visitor=f"{n:064d}", stars=4, comment="ดี")
            if decided != "waiting":
                decide = {"shown": ratings.show, "withheld": partial(ratings.withhold, reason="ชื่อบุคคล")}[decided]
                decide(rating, by=staff)
            made[f"rating, {decided}: {state}"] = rating
        settled(project, state, staff)
    return made


def asked_at(staff: User, meeting: Meeting, agencies: dict[str, Agency], resolution: Any = None) -> Assignment:
    """What the meeting asks of the owner together with the partner."""
    together = {"agency": agencies["owner"], "partners": [agencies["partner"]]}
    return meetings.add_part(
        Assignment, by=staff, meeting=meeting, resolution=resolution, text_th="ให้รายงาน", **together
    )


def of_series(staff: User) -> dict[str, Any]:
    """What staff keep about a body that meets."""
    body = series.add(by=staff, key="body", name_th="คณะ")
    imported = imports.add(Attached("ก.csv", "csv", 1, "0" * 64), by=staff, table="projects")
    hook = webhooks.add(by=staff, name="โปรแกรม", address="https://hooks.test/", kinds=["project.hidden"])
    return {
        "member of a series": series.add_part(SeriesMember, by=staff, series=body, name_th="สมชาย"),
        "standing item": series.add_part(StandingItem, by=staff, series=body, title_th="เรื่องแจ้ง"),
        "imported file": imported,
        "row of an imported file": ImportRow.objects.create(of=imported, number=2, kind="new"),
        "webhook": hook,
        "delivery of a webhook": webhooks.test(hook, by=staff),
        "words that mean the same": records.add(Synonyms, by=staff, words="ไกด์\nมัคคุเทศก์"),
    }


def meeting_and_parts(staff: User, state: str, agencies: dict[str, Agency], reporter: User) -> dict[str, Any]:
    """A meeting of this state with everything that hangs on it."""
    meeting = factories.make_meeting(staff, published=False)
    item = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="วาระ", shown=Shown.EVERYTHING)
    resolution = meetings.add_part(Resolution, by=staff, meeting=meeting, item=item, text_th="มติ")
    asked = asked_at(staff, meeting, agencies, resolution)
    answer = assignments.answer(asked, by=reporter, text="ทำแล้ว", attach=[Attached("ผล.pdf", "pdf", 9, "a" * 64)])
    back = FollowUp(meeting=meeting, item=item, assignment=asked_at(staff, factories.make_meeting(staff), agencies))
    found = {
        f"meeting: {state}": meeting,
        f"person at a meeting: {state}": meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th="สมชาย"),
        f"session: {state}": meetings.add_part(MeetingSession, by=staff, meeting=meeting, title_th="ช่วง"),
        f"point: {state}": meetings.add_part(MeetingPoint, by=staff, meeting=meeting, text_th="ประเด็น"),
        f"agenda item: {state}": item,
        f"paper: {state}": papers.attach(item, by=staff, files=[Attached("แผน.pdf", "pdf", 9, "a" * 64)])[0],
        f"resolution: {state}": resolution,
        f"assignment: {state}": asked,
        f"follow-up: {state}": keep(back, "carry_on", by=staff),
        f"answer: {state}": answer,
        f"evidence of an answer: {state}": answer.files.get(),
    }
    settled(meeting, state, staff)
    return found


def asked_of_everybody(staff: User, found: dict[str, Any]) -> dict[str, Any]:
    """Calls of the projects, and of those that were open what people answered and the team made of it."""
    made: dict[str, Any] = {}
    for project_state in STATES:
        project = Project.objects.get(pk=found[f"project: {project_state}"].pk)
        if project_state == "hidden":
            publishing.publish(project, by=staff)
        for state in STATES:
            row = f"{project_state}, {state}"
            call = made[f"call: {row}"] = factories.make_call(staff, project, published=state != "draft")
            if f"contact: {row}" in TABLE:
                voices = {name: factories.make_voice(call, name, staff) for name in ("waiting", "withheld")}
                voices["shown"] = factories.make_voice(call, "shown", staff, contact="081")
                made |= {f"voice: {row}, {name}": voice for name, voice in voices.items()}
                made[f"contact: {row}"] = voices["shown"].contact
                made[f"theme: {row}, kept back"] = themes.add(call, by=staff, title_th="ไกล")
                theme = themes.add(call, by=staff, title_th="รอนาน")
                answered = themes.answer(theme, by=staff, version=theme.version, answer_th="ปรับ", outcome="changed")
                made[f"theme: {row}, shown"] = themes.show(answered, by=staff)
            if state == "hidden":
                publishing.hide(call, by=staff)
        if project_state == "hidden":
            publishing.hide(project, by=staff)
    return made


@pytest.fixture
def agencies(staff: User, agency: Agency) -> dict[str, Agency]:
    return {"owner": agency, "partner": factories.make_agency(staff), "support": factories.make_agency(staff)}


@pytest.fixture
def cast(
    visitor: Any, stranger: User, reporter: User, lead: User, staff: User, agencies: dict[str, Agency]
) -> dict[str, Any]:
    people = {"visitor": visitor, "stranger": stranger, "reporter": reporter, "lead": lead, "staff": staff}
    staff_in_agency = factories.make_staff()
    Membership.objects.create(user=staff_in_agency, agency=agencies["owner"])
    partner, supporter = factories.make_member(agencies["partner"]), factories.make_member(agencies["support"])
    return {**people, "partner": partner, "supporter": supporter, "staff_in_agency": staff_in_agency}


@pytest.fixture
def world(cast: dict[str, Any], agencies: dict[str, Agency]) -> dict[str, Any]:
    """One record for each row of the table."""
    staff, reporter = cast["staff"], cast["reporter"]
    found: dict[str, Any] = {}
    for state in STATES:
        found |= project_and_parts(staff, state, agencies, reporter)
        found |= meeting_and_parts(staff, state, agencies, reporter)
        innovation = factories.make_innovation(staff, published=False)
        found[f"innovation: {state}"] = settled(innovation, state, staff)
    found |= asked_of_everybody(staff, found)
    return found | proposed(staff) | rated(staff, found) | asked(staff, reporter, found) | of_series(staff)


def sees(person: Any, thing: Any) -> bool:
    return type(thing).objects.visible_to(person).filter(pk=thing.pk).exists()


def test_everybody_sees_what_the_table_says_and_nothing_else(world: dict[str, Any], cast: dict[str, Any]) -> None:
    found = {row: {name for name in cast if sees(cast[name], thing)} for row, thing in world.items()}
    assert found == {row: set(names.split()) for row, names in TABLE.items()}
    # What somebody does not see is there all the same.
    assert all(type(thing).objects.filter(pk=thing.pk).exists() for thing in world.values())


def test_the_table_has_a_row_for_every_kind_that_not_everybody_sees(world: dict[str, Any]) -> None:
    closed = {model for model in apps.get_models() if hasattr(getattr(model, "objects", None), "visible_to")}
    assert {type(thing) for thing in world.values()} == closed


def test_what_hangs_on_a_project_or_a_meeting_is_closed_like_it() -> None:
    """A new kind of record without `visible_to` would be open to everybody."""
    closed = {model for model in apps.get_app_config("projects").get_models() if hasattr(model.objects, "visible_to")}
    hanging = {
        model
        for model in apps.get_app_config("projects").get_models()
        if not model._meta.auto_created
        and not model.__name__.startswith("Historical")
        and any(field.related_model in closed for field in model._meta.fields if field.many_to_one)
    }
    unread = {"Rater", "Seen"}  # no door shows them to anybody: marks of visitors, counts of looks
    assert {model.__name__ for model in hanging - closed} == unread


def test_public_is_what_a_visitor_sees(world: dict[str, Any], cast: dict[str, Any]) -> None:
    for kind in (Project, Meeting, ProgressUpdate):
        assert set(kind.objects.public()) == set(kind.objects.visible_to(cast["visitor"]))


def test_nobody_sees_a_record_twice(world: dict[str, Any], cast: dict[str, Any], agencies: dict[str, Agency]) -> None:
    """A person of all three agencies, which makes every join that could double a row."""
    for agency in agencies.values():
        Membership.objects.get_or_create(user=cast["stranger"], agency=agency)
    for kind in {type(thing) for thing in world.values()}:
        for person in cast.values():
            keys = list(kind.objects.visible_to(person).values_list("pk", flat=True))
            assert (kind.__name__, len(keys)) == (kind.__name__, len(set(keys)))


def test_whoever_may_no_longer_sign_in_sees_what_a_visitor_sees(world: dict[str, Any], cast: dict[str, Any]) -> None:
    for name in ("reporter", "staff"):
        person = cast[name]
        person.is_active = False
        for kind in {type(thing) for thing in world.values()}:
            assert set(kind.objects.visible_to(person)) == set(kind.objects.visible_to(cast["visitor"]))


def test_an_agency_that_is_asked_finds_its_assignments_once_the_meeting_was_held(
    world: dict[str, Any], cast: dict[str, Any], agencies: dict[str, Agency]
) -> None:
    asked = set(Assignment.objects.all())
    to_come = factories.make_meeting(cast["staff"], starts_on=timezone.localdate() + dt.timedelta(days=9))
    asked_at(cast["staff"], to_come, agencies)
    found = {name: set(Assignment.objects.asked_of(person)) for name, person in cast.items()}
    assert found == {name: asked if name in (*AGENCY.split(), "partner") else set() for name in cast}


DAYS = {"to come": timezone.localdate() + dt.timedelta(days=9), "held": dt.date(2019, 1, 11)}


def rows_of_matrix(staff: User, agencies: dict[str, Agency]) -> dict[tuple[str, int], Any]:
    """One record for each cell of the matrix."""
    found: dict[tuple[str, int], Any] = {}
    origins = {"follow-up": True, "follow-up of a draft": False}
    for state in STATES:
        for phase, day in DAYS.items():
            meeting = factories.make_meeting(staff, published=False, starts_on=day)
            for shown in Shown:
                item = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="วาระ", shown=shown)
                said = meetings.add_part(Resolution, by=staff, meeting=meeting, item=item, text_th="มติ")
                rows: dict[str, Any] = {"agenda item": item, "resolution": said}
                rows["assignment"] = asked_at(staff, meeting, agencies, said)
                (rows["paper"],) = papers.attach(item, by=staff, files=[Attached("แผน.pdf", "pdf", 9, "a" * 64)])
                for kind, published in origins.items():
                    work = asked_at(staff, factories.make_meeting(staff, published=published), agencies)
                    back = FollowUp(meeting=meeting, item=item, assignment=work)
                    rows[kind] = keep(back, "carry_on", by=staff)
                found |= {(f"{kind}, {state}, {phase}", shown): row for kind, row in rows.items()}
            settled(meeting, state, staff)
    return found


def test_a_row_of_a_meeting_is_seen_as_far_as_its_item_shows(cast: dict[str, Any], agencies: dict[str, Agency]) -> None:
    wanted = {
        (line.split("|")[0].strip(), shown): set(GROUPS[cell.strip()].split())
        for line in MATRIX.strip().splitlines()
        for shown, cell in zip(Shown, line.split("|")[1:], strict=True)
    }
    rows = rows_of_matrix(cast["staff"], agencies)
    assert {cell: {name for name in cast if sees(cast[name], row)} for cell, row in rows.items()} == wanted


def test_an_agency_reports_on_what_it_owns_or_is_a_partner_in(world: dict[str, Any], cast: dict[str, Any]) -> None:
    own = {world[f"project: {state}"] for state in STATES}
    found = {name: set(Project.objects.reported_by(person)) for name, person in cast.items()}
    assert found == {name: own if name in (*AGENCY.split(), "partner") else set() for name in cast}


def test_an_agency_without_its_part_keeps_its_own_updates_only(
    world: dict[str, Any], cast: dict[str, Any], agencies: dict[str, Agency]
) -> None:
    project, update = world["project: draft"], world["update: draft, approved"]
    project.parts.filter(agency=agencies["owner"]).delete()
    assert (sees(cast["reporter"], project), sees(cast["reporter"], update)) == (False, True)
    assert sees(cast["reporter"], Evidence.objects.filter(update=update).first()) is True
    assert sees(cast["reporter"], Reading.objects.get(update=update)) is True
