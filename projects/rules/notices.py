"""Who gets which letter when something was done, written in the transaction of the doing.

Staff read the outbox, so a letter about what an agency has not sent to them yet names the project and nothing more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.access import desk_leads, staff, writes_for
from agencies.models import Membership, Role, User
from govlab import letters
from govlab.models import Letter
from projects.models import REPORTING_PARTS, Assignment, Comment, DueReport, Meeting, ProgressUpdate


# --- people ----------------------------------------------------------------------------------------------------------
def _people(memberships: QuerySet[Membership]) -> QuerySet[User]:
    """Those behind the memberships who may sign in, each once."""
    return User.objects.filter(is_active=True, pk__in=memberships.values("user")).order_by("pk")


def _writers(update: ProgressUpdate) -> QuerySet[User]:
    """Who wrote or sent the update, as long as they work for its agency."""
    wrote = [update.author_id, update.submitted_by_id]
    return _people(Membership.objects.filter(agency=update.agency_id, user__in=wrote))


def _leads(update: ProgressUpdate) -> QuerySet[User]:
    """Who leads the update's agency."""
    return _people(Membership.objects.filter(agency=update.agency_id, role=Role.LEAD))


def _agency(update: ProgressUpdate) -> QuerySet[User]:
    """Who wrote or sent the update, and who leads its agency."""
    return _writers(update) | _leads(update)


def _desk(update: ProgressUpdate) -> QuerySet[User]:
    """Those of staff who have had the update in hand; while nobody has, the lead of the desk."""
    said = update.comments.values("author")
    hands = Q(pk__in=[update.opened_by_id, update.reviewed_by_id]) | Q(pk__in=said)
    known = staff().filter(hands).order_by("pk")
    return known if known.exists() else desk_leads().order_by("pk")


def reporting(report: DueReport) -> QuerySet[User]:
    """Everybody of the agencies that report on the project."""
    parts = report.project.parts.filter(part__in=REPORTING_PARTS)
    return _people(Membership.objects.filter(agency__in=parts.values("agency")))


def asked(assignment: Assignment) -> QuerySet[User]:
    """Everybody of the agencies that the assignment asks, alone or together."""
    together = Q(agency=assignment.agency_id) | Q(agency__in=assignment.partners.values("pk"))
    return _people(Membership.objects.filter(together))


def _givers(assignment: Assignment) -> QuerySet[User]:
    """Those of staff who have had the assignment in hand; while nobody has, the lead of the desk."""
    hands = assignment.history.values("history_user")
    known = staff().filter(pk__in=hands).exclude(email__endswith=".invalid").order_by("pk")
    return known if known.exists() else desk_leads().order_by("pk")


# --- what is told ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Notice:
    """To whom a letter goes, and whether it says what is asked of them, so that no silence covers it."""

    to: Callable[[Any], QuerySet[User]]
    asked: bool


NOTICES = {
    "update_with_lead": Notice(_leads, asked=True),
    "update_handed_back": Notice(_writers, asked=True),
    "update_returned": Notice(_agency, asked=True),
    "update_approved": Notice(_agency, asked=False),
    "update_taken_back": Notice(_agency, asked=True),
    "comment_inside": Notice(_agency, asked=False),
    "comment_from_desk": Notice(_agency, asked=False),
    "comment_from_agency": Notice(_desk, asked=False),
    "report_waived": Notice(reporting, asked=False),
    "report_asked_again": Notice(reporting, asked=True),
    "assignment_made": Notice(asked, asked=True),
    "assignment_changed": Notice(asked, asked=True),
    "assignment_closed": Notice(asked, asked=False),
    "assignment_reopened": Notice(asked, asked=True),
    "assignment_withdrawn": Notice(asked, asked=False),
    "assignment_accepted": Notice(asked, asked=False),
    "assignment_sent_back": Notice(asked, asked=True),
    "assignment_extended": Notice(asked, asked=True),
    "assignment_more_time": Notice(_givers, asked=False),
    "assignment_contested": Notice(_givers, asked=False),
}


def about_report(due: DueReport) -> str:
    """How the key of each letter begins that asks for the report: two of them keep a distance (`rules.reminders`)."""
    return f"report:{due.pk}"


def about_assignment(assignment: Assignment) -> str:
    """The same for an assignment."""
    return f"assigned:{assignment.pk}"


def tell(
    kind: str, thing: Any, *, by: User, now: datetime | None = None, key: str = "", but: Any = (), **context: Any
) -> list[Letter]:
    """Writes the letters that a step calls for to everybody concerned but whoever took it (and `but`)."""
    notice = NOTICES[kind]
    people = notice.to(thing).exclude(pk__in=[by.pk, *but])
    return letters.write(kind, people, key=key, asked=notice.asked, now=now, thing=thing, by=by, **context)


NOTED: dict[str, Any] = {"readings": _("indicators"), "evidence": _("evidence")}
"""What a note may be about that is no column of the update."""


def returned(update: ProgressUpdate, *, by: User, now: datetime | None = None) -> None:
    """Tells the agency what to correct, as a whole and field by field."""
    labels = NOTED | {column.name: column.verbose_name for column in ProgressUpdate._meta.fields}
    notes = [(labels[name], note) for name, note in update.return_notes.items()]
    due = DueReport.objects.filter(update=update).first()
    key = f"{about_report(due)}:returned:{update.version}" if due else ""
    tell("update_returned", update, by=by, now=now, key=key, notes=notes)


def asked_again(due: DueReport, *, by: User, now: datetime | None = None) -> None:
    """Tells the agencies that a waived report is asked for after all, unless it was sent meanwhile."""
    if DueReport.objects.open().filter(pk=due.pk).exists():
        tell("report_asked_again", due, by=by, now=now, key=f"{about_report(due)}:again:{due.version}")


def commented(comment: Comment, *, by: User, now: datetime | None = None) -> None:
    """Tells the other side; what staff say among themselves, and what an agency has not sent yet, stays inside."""
    if comment.inside and comment.by_desk:
        return
    update = comment.update
    sides = {True: "comment_from_desk", False: "comment_from_agency"}
    kind = "comment_inside" if comment.inside else sides[not writes_for(by, update.agency)]
    tell(kind, update, by=by, now=now, comment=comment)


CHANGED = ("text_th", "text_en", "due_on")
"""What an agency that was asked before is told of when it changes."""


def assigned(thing: Assignment, *, by: User, now: datetime | None = None) -> None:
    """Tells agencies what is asked of them, each person once, and again when it is asked differently."""
    new = [letter.user_id for letter in tell("assignment_made", thing, by=by, now=now, key=about_assignment(thing))]
    after, *before = thing.history.all()[:2]
    if any(getattr(after, name) != getattr(step, name) for step in before for name in CHANGED):
        key = f"{about_assignment(thing)}:changed:{thing.version}"
        tell("assignment_changed", thing, by=by, now=now, key=key, but=new)


def reassigned(thing: Assignment, before: list[User], *, by: User, now: datetime | None = None) -> None:
    """Tells the agency that is asked now, and those who were asked before that they no longer are."""
    if not thing.meeting.took_place:
        return
    now_asked = set(asked(thing).values_list("pk", flat=True))
    key = f"{about_assignment(thing)}:reassigned:{thing.version}"
    tell("assignment_made", thing, by=by, now=now, key=key, but=[person.pk for person in before])
    gone = [person for person in before if person.pk not in now_asked and person.pk != by.pk]
    letters.write("assignment_moved", gone, key=f"{key}:gone", now=now, thing=thing, by=by)


# --- meetings --------------------------------------------------------------------------------------------------------
def invited(meeting: Meeting, *, by: User, now: datetime | None = None, changed: bool = False) -> list[Letter]:
    """Invites everybody of the meeting who has an e-mail address; `changed`: its day or place is another now."""
    kind = "meeting_changed" if changed else "meeting_invited"
    return _to_people(kind, meeting, f"meeting:{meeting.pk}:{kind}:{meeting.version}", by, now)


def called_off(meeting: Meeting, *, by: User, now: datetime | None = None) -> list[Letter]:
    """Tells those who were invited that the meeting does not take place on that day."""
    return _to_people("meeting_called_off", meeting, f"meeting:{meeting.pk}:off:{meeting.version}", by, now)


def _to_people(kind: str, meeting: Meeting, key: str, by: User, now: datetime | None) -> list[Letter]:
    rows = list(meeting.people.exclude(email="").order_by("position", "pk"))
    users = {user.email.lower(): user for user in User.objects.filter(email__in=[row.email.lower() for row in rows])}
    people = {row.email.lower(): users.get(row.email.lower()) or letters.outsider(row.email, str(row)) for row in rows}
    agenda = list(meeting.agenda.filter(parent=None).order_by("position", "pk"))
    return letters.write(kind, people.values(), key=key, asked=True, now=now, thing=meeting, by=by, agenda=agenda)
