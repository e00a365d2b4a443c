"""A year of changes that a copy elsewhere has to learn of, each with a name; and the lists that hold them."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from agencies.api.asking import Asked
from agencies.models import Agency, Membership, Role, Source, User
from agencies.rules import people, records
from govlab.files import Attached
from govlab.history import drop, keep
from govlab.urls import router
from projects.api.lookups import TABLES
from projects.models import (
    AgendaItem,
    Assignment,
    DueReport,
    FollowUp,
    Indicator,
    MeetingPerson,
    MeetingPoint,
    MeetingSession,
    Paper,
    ProjectAgency,
    Reading,
    Resolution,
    ScheduleDate,
    ScheduleException,
    SeriesMember,
    StageState,
    StandingItem,
    Synonyms,
)
from projects.rules import (
    agenda,
    assignments,
    attendance,
    calls,
    decisions,
    followups,
    links,
    meetings,
    papers,
    phases,
    projects,
    proposals,
    publishing,
    ratings,
    readings,
    reviews,
    rounds,
    series,
    stages,
    themes,
    updates,
    voices,
)
from projects.rules.readings import Measure
from tests import factories

Play = list[tuple[str, Callable[[], Any]]]
"""What happens, with a name for each step."""


def lists() -> dict[str, Any]:
    """The door of every list that tells what changed since a moment, by its address."""
    found: dict[str, Any] = {}
    for prefix, door, _name in router.registry:
        if Asked not in door.filter_backends:
            continue
        names = [f"lookups/{table}" for table in TABLES] if prefix.startswith("lookups/") else [prefix]
        found |= dict.fromkeys(names, door)
    return found


def key_of(door: Any) -> str:
    """The name of the field that stands in the address of one of its records."""
    return "id" if door.lookup_field == "pk" else str(door.lookup_field)


def model_of(path: str, door: Any) -> Any:
    """What the list of this address lists."""
    if path.startswith("lookups/"):
        return TABLES[path.removeprefix("lookups/")]
    return door.noun.model if hasattr(door, "noun") else door.serializer_class.Meta.model


def again(row: Any) -> Any:
    """The record as it stands now."""
    return type(row).objects.get(pk=row.pk)


def edit(row: Any, by: User, **answers: Any) -> Any:
    """Staff change a record that has no rule of its own."""
    fresh = again(row)
    return records.edit(fresh, by=by, version=fresh.version, **answers)


def edit_part(row: Any, by: User, **answers: Any) -> Any:
    """Staff change a part of a meeting."""
    fresh = again(row)
    return meetings.edit_part(fresh, by=by, version=fresh.version, **answers)


def remove_part(row: Any, by: User) -> None:
    """Staff take a part out of a meeting, with all that stands under it."""
    fresh = again(row)
    meetings.remove_part(fresh, by=by, along=len(meetings.goes_along(fresh)))


def of_projects(staff: User, reporter: User, agency: Agency, other_agency: Agency) -> Play:
    """What projects go through with their parts, updates, indicators and agencies."""
    field = factories.make_field(staff)
    project = factories.make_project(staff, owner=agency, code="GL2562-3", field=field)
    hidden = factories.make_project(staff, owner=other_agency, code="GL2562-4", published=False)
    own = factories.make_project(staff, owner=agency, code="GL2562-5", published=False)
    part = projects.add_part(own, by=staff, agency=other_agency, part="partner")
    measure = keep(Indicator(project=project), "add", by=staff, name_th="เวลารอ", unit_th="นาที")
    secret = keep(Indicator(project=hidden), "add", by=staff, name_th="ลับ", unit_th="นาที")
    draft = factories.make_update(reporter, project)
    sent = factories.make_update(reporter, project, "approved", staff)
    innovation = factories.make_innovation(staff, project=project, agency=agency)
    meeting = factories.make_meeting(staff)
    work = meetings.add_part(Assignment, by=staff, meeting=meeting, text_th="ทำ", agency=agency)
    tells = factories.make_innovation(staff, project=own)
    later = factories.make_update(reporter, own)

    def stage() -> Any:
        row = project.stages.get(number=2)
        return stages.edit(row, by=staff, version=row.version, state=StageState.IN_PROGRESS)

    return [
        ("a title", lambda: keep(again(project), "edit", by=staff, title_th="ชื่อใหม่")),
        ("a stage", stage),
        ("an agency is renamed, told with projects", lambda: edit(agency, staff, name_th="กรมชื่อใหม่")),
        ("an agency's key changes", lambda: edit(other_agency, staff, key="new-key")),
        ("a field is renamed", lambda: edit(field, staff, name_th="สาธารณสุข")),
        ("a project is renamed", lambda: keep(again(project), "edit", by=staff, code="GL2562-30")),
        ("another takes the old code", lambda: keep(again(own), "edit", by=staff, code="GL2562-3")),
        ("it is published", lambda: publishing.publish(again(own), by=staff)),
        ("and hidden", lambda: publishing.hide(again(own), by=staff)),
        ("a part is taken away", lambda: drop(again(part), "remove", by=staff)),
        ("and given again", lambda: projects.add_part(again(own), by=staff, agency=other_agency, part="partner")),
        (
            "for support alone",
            lambda: edit(ProjectAgency.objects.get(agency=other_agency, project=own), staff, part="support"),
        ),
        (
            "the unpublished one that an innovation came from has another code",
            lambda: edit(own, staff, code="GL2562-31"),
        ),
        ("a hidden one is edited", lambda: keep(again(hidden), "edit", by=staff, title_th="ลับมาก")),
        ("its indicator goes", lambda: drop(again(secret), "remove", by=staff)),
        ("a draft is sent", lambda: updates.submit(again(draft), by=reporter)),
        ("and approved", lambda: reviews.approve(again(draft), by=staff)),
        (
            "staff enter a number",
            lambda: readings.enter(again(draft), by=staff, indicator=again(measure), value=Decimal(4)),
        ),
        ("and strike it", lambda: readings.strike(Reading.objects.get(update=draft), by=staff)),
        ("the indicator is renamed", lambda: edit(measure, staff, name_th="เวลารอคอย")),
        ("an approval is taken back", lambda: reviews.take_back(again(sent), by=staff, reason="ผิด")),
        ("a draft is thrown away", lambda: updates.discard(again(later), by=reporter)),
        ("an assignment is answered", lambda: assignments.answer(again(work), by=reporter, text="ทำแล้ว", percent=10)),
        ("an innovation goes", lambda: drop(again(innovation), "remove", by=staff)),
        ("and another", lambda: publishing.hide(again(tells), by=staff)),
        ("a meeting is hidden", lambda: publishing.hide(again(meeting), by=staff)),
        ("the project with all of it is hidden", lambda: publishing.hide(again(project), by=staff)),
        ("and comes back", lambda: publishing.publish(again(project), by=staff)),
        ("an indicator goes", lambda: drop(again(measure), "remove", by=staff)),
        ("a person leaves the agency", lambda: drop(Membership.objects.get(user=reporter), "remove", by=staff)),
    ]


def of_meetings(staff: User, reporter: User, agency: Agency, other_agency: Agency) -> Play:
    """What committees and conferences go through: agendas, people, papers, resolutions and what these ask."""
    soon = timezone.localdate() + dt.timedelta(days=1)
    body = series.add(by=staff, key="sub", name_th="อ.ก.พ.ร.")
    project = factories.make_project(staff, owner=agency, code="GL2562-1")
    draft = factories.make_project(staff, owner=agency, code="GL2562-2", published=False)
    talks = factories.make_meeting(staff, key="talks", projects=[project, draft])
    held = factories.make_meeting(staff, key="held", kind="workshop")
    unseen = factories.make_meeting(staff, key="unseen", published=False)
    plan: dict[str, Any] = {"by": staff, "meeting": held}
    first, second, third = (
        meetings.add_part(AgendaItem, **plan, title_th=f"เรื่องที่ {n}", projects=[draft]) for n in (1, 2, 3)
    )
    below = meetings.add_part(AgendaItem, **plan, title_th="ลับ", parent=second, shown=0, discussion="ลับ")
    said, also = (meetings.add_part(Resolution, **plan, item=second, text_th=f"เห็นชอบ {n}") for n in (1, 2))
    work = meetings.add_part(Assignment, **plan, resolution=said, text_th="ทำ", agency=agency, partners=[])
    person, chair = (
        meetings.add_part(MeetingPerson, **plan, name_th=name, agency=agency, part="member") for name in ("ก", "ข")
    )
    stands = meetings.add_part(MeetingPerson, **plan, name_th="แทน", stands_for=person)
    speaker = meetings.add_part(MeetingPerson, by=staff, meeting=talks, name_th="วิทยากร", part="speaker")
    session = meetings.add_part(MeetingSession, by=staff, meeting=talks, title_th="ช่วงที่ 1", speakers=[speaker])
    point = meetings.add_part(MeetingPoint, by=staff, meeting=talks, session=session, text_th="ประเด็น")
    quiet = meetings.add_part(Assignment, by=staff, meeting=unseen, text_th="เงียบ", agency=agency, partners=[])
    origin = meetings.add(by=staff, series=body, starts_on=soon - dt.timedelta(days=9), prefill=True)
    asks = meetings.add_part(Assignment, by=staff, meeting=origin, text_th="ค้าง", agency=agency, partners=[])
    coming = meetings.add(by=staff, series=body, starts_on=soon - dt.timedelta(days=1), prefill=True, key="coming")
    paper = Attached("เอกสาร.pdf", "pdf", 9, "a" * 64)
    source = records.add(Source, by=staff, key="doc", title_th="เอกสาร", url="https://example.go.th/doc")
    del stands

    def move(item: Any, **where: Any) -> Callable[[], Any]:
        return lambda: agenda.move(again(item), by=staff, **where)

    def noted() -> Any:
        row = FollowUp.objects.get(meeting=coming)
        return followups.note(row, by=staff, version=row.version, note="ยังไม่เสร็จ")

    return [
        ("an item goes up, so that others count on", move(third, to="up")),
        ("an item of which nobody sees anything goes to the top", move(below, at=1)),
        ("and shows its title", lambda: edit_part(below, staff, shown=1)),
        ("and everything", lambda: edit_part(below, staff, shown=3)),
        ("with a paper", lambda: papers.attach(again(below), by=staff, files=[paper])),
        ("which is for nobody", lambda: edit_part(below, staff, shown=0)),
        ("and goes", lambda: papers.detach(Paper.objects.get(item=below), by=staff)),
        ("a resolution moves to another item", lambda: edit_part(also, staff, item=again(first))),
        ("an item shows no resolutions", lambda: edit_part(second, staff, shown=1)),
        ("and shows them", lambda: edit_part(second, staff, shown=2)),
        ("another agency is asked as well", lambda: edit_part(work, staff, agency=agency, partners=[other_agency])),
        (
            "work that nobody sees is also another's",
            lambda: edit_part(quiet, staff, agency=agency, partners=[other_agency]),
        ),
        ("the meeting that asks has another key", lambda: edit(unseen, staff, key="still-unseen")),
        ("and is the first's alone again", lambda: edit_part(quiet, staff, agency=agency, partners=[])),
        ("the agency answers", lambda: assignments.answer(again(work), by=reporter, text="ทำแล้ว", percent=40)),
        ("it is given away", lambda: decisions.reassign(again(quiet), by=staff, agency=other_agency, reason="ตรงกว่า")),
        ("an item goes", lambda: remove_part(first, staff)),
        ("a member goes, for whom somebody stood", lambda: remove_part(person, staff)),
        ("somebody comes", lambda: attendance.mark(again(held), by=staff, presences={chair.pk: "present"})),
        ("a speaker goes", lambda: remove_part(speaker, staff)),
        ("a session is renamed", lambda: edit_part(session, staff, title_th="ช่วงแรก")),
        ("and goes", lambda: remove_part(session, staff)),
        ("a point is written", lambda: edit_part(point, staff, text_th="ประเด็นใหม่")),
        ("the agency that is named is renamed", lambda: edit(agency, staff, key="renamed")),
        ("a project that everybody sees with it is hidden", lambda: publishing.hide(again(project), by=staff)),
        ("one that only its agency sees has another code", lambda: edit(draft, staff, code="GL2562-9")),
        ("a meeting gets another key", lambda: edit(held, staff, key="held-again")),
        ("a meeting is noted as held", lambda: phases.hold(again(coming), by=staff)),
        ("it said something about an open matter", noted),
        ("the document becomes known", lambda: edit(again(coming), staff, sources=[source])),
        ("it is published", lambda: publishing.publish(again(coming), by=staff)),
        ("the one that asked, too", lambda: edit(again(origin), staff, sources=[source])),
        ("for everybody", lambda: publishing.publish(again(origin), by=staff)),
        ("it is closed there", lambda: decisions.close(again(asks), by=staff, note="เสร็จ", meeting=again(coming))),
        ("and asked again", lambda: decisions.reopen(again(asks), by=staff)),
        ("the one that asked is hidden", lambda: publishing.hide(again(origin), by=staff)),
        ("the meeting with all of it is hidden", lambda: publishing.hide(again(held), by=staff)),
        ("and comes back", lambda: publishing.publish(again(held), by=staff)),
        ("the conference is hidden", lambda: publishing.hide(again(talks), by=staff)),
    ]


def of_the_desk(staff: User, reporter: User, agency: Agency, other_agency: Agency) -> Play:
    """What staff keep: people, schedules, rounds and what these ask, series, lists; and what visitors say."""
    project = factories.make_project(staff, owner=agency, code="GL2562-1")
    other = factories.make_project(staff, owner=other_agency, code="GL2562-2", published=False)
    turn = factories.make_round(staff, due_in=10)
    elsewhere = factories.make_project(staff, owner=other_agency, code="GL2561-1", year=2561)
    factories.make_round(staff, year=2561, due_in=11)
    due = DueReport.objects.get(round=turn, project=project)
    body = series.add(by=staff, key="sub", name_th="อ.ก.พ.ร.")
    member, next_one = (series.add_part(SeriesMember, by=staff, series=body, name_th=name) for name in ("ก", "ข"))
    words = records.add(Synonyms, by=staff, words="คิว\nแถว")
    exception = records.add(ScheduleException, by=staff, schedule=turn.schedule, project=other, reason="เล็ก")
    call = factories.make_call(staff, project)
    secret = factories.make_call(staff, other, published=False)
    voice, second = factories.make_voice(call), factories.make_voice(call)
    report = factories.make_update(reporter, project, "approved", staff)
    theme = themes.add(call, by=staff, title_th="รอนาน", voices=[again(voice)])
    link = links.make(factories.make_update(reporter, project), by=reporter, name="เพื่อน", ends_on=timezone.localdate())
    proposal = proposals.propose(title="ตู้ยาอัตโนมัติ", about="จ่ายยาเอง")
    rating = ratings.rate(project, visitor="ใครคนหนึ่ง", stars=4, comment="ดีมาก")
    colleague = factories.make_member(agency, name="เพื่อนร่วมงาน")
    account = User.objects.get(pk=colleague.pk)

    def rename() -> Any:
        row = User.objects.get(pk=account.pk)
        same = {"is_staff": False, "is_active": True, "leads_desk": False}
        return people.edit_person(row, by=staff, version=row.version, name="ชื่อใหม่", **same)

    def lead() -> Any:
        row = Membership.objects.get(user=account)
        return people.edit_member(row, by=staff, version=row.version, role=Role.LEAD)

    def day_of_round() -> Any:
        row, later = again(turn), dt.timedelta(days=1)
        return rounds.edit(row, by=staff, version=row.version, due_on=row.due_on + later, closes_on=None)

    def answered() -> Any:
        row = again(theme)
        said = {"answer_th": "แก้แล้ว", "answer_en": "", "outcome": "changed", "update": again(report)}
        return themes.answer(row, by=staff, version=row.version, **said)

    return [
        ("somebody is renamed", rename),
        ("and leads the agency", lead),
        ("a colleague signs in", lambda: User.objects.get(pk=account.pk).save(update_fields=["last_login"])),
        ("a round is due later", day_of_round),
        ("a report is waived", lambda: rounds.waive(again(due), by=staff, reason="ปิดแล้ว")),
        ("and asked again", lambda: rounds.unwaive(again(due), by=staff)),
        ("it is begun", lambda: factories.make_update(reporter, project, due=again(due))),
        ("a draft that answers is sent", lambda: updates.submit(again(due).update, by=reporter)),
        (
            "an agency is asked as a partner",
            lambda: projects.add_part(again(elsewhere), by=staff, agency=agency, part="partner"),
        ),
        (
            "and no longer",
            lambda: drop(ProjectAgency.objects.get(agency=agency, project=elsewhere), "remove", by=staff),
        ),
        (
            "an agency has a part in the project",
            lambda: projects.add_part(again(project), by=staff, agency=other_agency, part="partner"),
        ),
        ("a cohort is renamed", lambda: edit(turn.schedule.cohort, staff, year=2571)),
        ("a round is closed", lambda: rounds.close(again(turn), by=staff)),
        (
            "a schedule has another date",
            lambda: records.add(
                ScheduleDate, by=staff, schedule=turn.schedule, ends_on=turn.period_end + dt.timedelta(days=90)
            ),
        ),
        ("which goes", lambda: records.remove(ScheduleDate.objects.latest("ends_on"), by=staff)),
        ("an exception names a project with another code", lambda: edit(other, staff, code="GL2562-8")),
        ("and goes", lambda: records.remove(again(exception), by=staff)),
        ("a member moves", lambda: series.move(again(next_one), by=staff, to="up")),
        ("and another goes", lambda: records.remove(again(member), by=staff)),
        (
            "a standing item is written",
            lambda: series.add_part(StandingItem, by=staff, series=again(body), title_th="เพิ่ม"),
        ),
        ("a series is renamed", lambda: edit(body, staff, key="new-sub")),
        ("words are added", lambda: edit(words, staff, words="คิว\nแถว\nต่อแถว")),
        ("and go", lambda: records.remove(again(words), by=staff)),
        ("a voice is shown", lambda: voices.show(again(voice), by=staff)),
        ("and withheld", lambda: voices.withhold(again(voice), by=staff, reason="abuse")),
        ("another is shown", lambda: voices.show(again(second), by=staff)),
        ("a theme is answered", answered),
        ("and shown", lambda: themes.show(again(theme), by=staff)),
        ("the report that it names is taken back", lambda: reviews.take_back(again(report), by=staff, reason="ผิด")),
        ("and is hidden", lambda: themes.unshow(again(theme), by=staff)),
        ("a theme goes", lambda: themes.remove(again(theme), by=staff)),
        (
            "a call lasts longer",
            lambda: calls.extend(again(call), by=staff, closes_on=call.closes_on + dt.timedelta(days=3)),
        ),
        ("one is published of a project that is not", lambda: publishing.publish(again(secret), by=staff)),
        ("until it is", lambda: publishing.publish(again(other), by=staff)),
        ("a rating is shown", lambda: ratings.show(again(rating), by=staff)),
        ("and taken out", lambda: ratings.take_out(again(rating), by=staff, reason="abuse")),
        ("a proposal is taken", lambda: proposals.list_as_innovation(again(proposal), by=staff)),
        ("and what it became goes", lambda: publishing.remove(again(proposal).innovation, by=staff)),
        ("a link is taken back", lambda: links.revoke(again(link), by=reporter)),
        ("its report goes", lambda: updates.discard(again(link).update, by=reporter)),
        ("a call is hidden", lambda: publishing.hide(again(call), by=staff)),
        ("a project with a call is hidden", lambda: publishing.hide(again(other), by=staff)),
        ("a colleague leaves", lambda: people.remove_member(Membership.objects.get(user=account), by=staff)),
    ]


def unseen(
    staff: User, reporter: User, agency: Agency, other_agency: Agency
) -> list[tuple[str, bool, Callable[[], Any]]]:
    """What only staff see, or (where it says so) the first agency as well, beside much that everybody sees."""
    third = factories.make_agency(staff, "กรมที่สาม")
    author = factories.make_member(third)
    project = factories.make_project(staff, owner=agency, code="GL2562-1")
    projects.add_part(project, by=staff, agency=third, part="partner")
    hidden = factories.make_project(staff, owner=third, code="GL2562-4", published=False)
    measure = factories.make_indicator(staff, project)
    secret = factories.make_indicator(staff, hidden)
    turn = factories.make_round(staff)
    draft = factories.make_update(author, hidden, due=DueReport.objects.get(round=turn, project=hidden))
    beside = factories.make_update(author, project, readings={measure: Measure(4)})
    own = factories.make_update(reporter, project, due=DueReport.objects.get(round=turn, project=project))
    factories.make_innovation(staff, project=hidden)
    held = factories.make_meeting(staff, projects=[project, hidden])
    unheard = factories.make_meeting(staff, published=False)
    plan: dict[str, Any] = {"by": staff, "meeting": held}
    item, quiet = (meetings.add_part(AgendaItem, **plan, title_th=title, projects=[hidden]) for title in ("ก", "ข"))
    said = meetings.add_part(Resolution, **plan, item=item, text_th="เห็นชอบ")
    kept = meetings.add_part(Resolution, **plan, item=quiet, text_th="ลับ")
    below = meetings.add_part(Assignment, **plan, resolution=kept, text_th="ลับ", agency=third, partners=[])
    meetings.add_part(Assignment, **plan, resolution=said, text_th="ทำ", agency=third, partners=[])
    edit_part(quiet, staff, shown=0)
    fresh = meetings.add_part(AgendaItem, **plan, title_th="ค", shown=0)
    person = meetings.add_part(MeetingPerson, by=staff, meeting=unheard, name_th="ลับ")
    call = factories.make_call(staff, project)
    waiting = factories.make_voice(call)
    factories.make_voice(call, "shown", staff)
    plan_of_theirs = factories.make_call(staff, hidden, published=False)
    theme = themes.add(call, by=staff, title_th="รอนาน")
    rating = ratings.rate(project, visitor="ใครคนหนึ่ง", stars=4, comment="ดีมาก")
    colleague, mate = factories.make_member(third), factories.make_member(agency)
    exception = records.add(ScheduleException, by=staff, schedule=turn.schedule, project=hidden, reason="เล็ก")
    proposal = proposals.propose(title="ตู้ยาอัตโนมัติ", about="จ่ายยาเอง")
    paper = Attached("ลับ.pdf", "pdf", 9, "a" * 64)

    def write(update: Any, by: User) -> Callable[[], Any]:
        def change() -> Any:
            row = again(update)
            return updates.edit(row, by=by, version=row.version, text="เขียนต่อ")

        return change

    return [
        ("a hidden project", False, lambda: edit(hidden, staff, title_th="ลับมาก")),
        ("its code", False, lambda: edit(hidden, staff, code="GL2562-40")),
        ("its indicator", False, lambda: edit(secret, staff, name_th="ลับมาก")),
        ("its stage", False, lambda: edit(hidden.stages.first(), staff, planned_end=dt.date(2030, 1, 1))),
        ("a call of it", False, lambda: edit(plan_of_theirs, staff, question_th="ลับมาก")),
        ("a draft of it", False, write(draft, author)),
        ("a draft of a public project", False, write(beside, author)),
        ("thrown away with what it measured", False, lambda: updates.discard(again(beside), by=author)),
        ("a draft of the agency", True, write(own, reporter)),
        ("sent", True, lambda: updates.submit(again(own), by=reporter)),
        ("an item that nobody sees", False, lambda: edit_part(quiet, staff, discussion="ลับมาก")),
        ("an item that was only added so far", False, lambda: edit_part(fresh, staff, discussion="ลับมาก")),
        ("a resolution of it", False, lambda: edit_part(kept, staff, text_th="ลับมาก")),
        ("what that asks", False, lambda: assignments.answer(again(below), by=author, text="ลับ", percent=4)),
        ("a paper where one sees less", False, lambda: papers.attach(again(item), by=staff, files=[paper])),
        ("a colleague signs in", False, lambda: again(mate).save(update_fields=["last_login"])),
        ("a meeting that nobody sees", False, lambda: edit(unheard, staff, title_th="ลับมาก")),
        ("somebody at it", False, lambda: edit_part(person, staff, name_th="ลับมาก")),
        ("and gone", False, lambda: remove_part(person, staff)),
        ("a voice is withheld", True, lambda: voices.withhold(again(waiting), by=staff, reason="abuse")),
        ("a theme is written", True, lambda: edit(theme, staff, title_th="รอนานมาก")),
        ("and goes", True, lambda: themes.remove(again(theme), by=staff)),
        ("a comment is withheld", True, lambda: ratings.withhold(again(rating), by=staff, reason="abuse")),
        ("a link is made", False, lambda: links.make(again(draft), by=author, name="ลับ", ends_on=timezone.localdate())),
        ("its report goes", False, lambda: updates.discard(again(draft), by=author)),
        ("an exception", False, lambda: edit(exception, staff, reason="ลับมาก")),
        ("a proposal", False, lambda: proposals.decline(again(proposal), by=staff, reason="ซ้ำ")),
        (
            "somebody of another agency",
            False,
            lambda: people.remove_member(Membership.objects.get(user=colleague), by=staff),
        ),
        (
            "an agency has no part any more in what is hidden",
            False,
            lambda: drop(ProjectAgency.objects.get(project=hidden), "remove", by=staff),
        ),
    ]


PLAYS = {"projects": of_projects, "meetings": of_meetings, "desk": of_the_desk}
