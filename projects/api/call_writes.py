"""Calls, what visitors say to them, themes, ratings and proposals, written by programs as far as the person may."""

from functools import partial
from typing import Any

from rest_framework import serializers

from agencies.access import is_desk, led_by
from agencies.api.columns import SeenSeveral, record
from agencies.api.keeping import Noun, Verb, by, door
from agencies.api.reading import Beside
from agencies.api.records import RecordSerializer
from govlab.api import KeyField
from govlab.filters import Choice
from projects.api import touching
from projects.api.publishing_verbs import PUBLISHING
from projects.api.visitor_writes import SAID
from projects.models import (
    REPORTING_PARTS,
    Call,
    Moderation,
    PartKind,
    Project,
    ProjectAgency,
    PublishState,
    StageNumber,
    Theme,
    UpdateState,
    Voice,
)
from projects.rules import calls, publishing, themes, voices

CALL = (
    *("question_th", "question_en", "about_th", "about_en", "use_th", "use_en"),
    *("opens_on", "closes_on", "lead_moderates"),
)
ANSWER = ("answer_th", "answer_en", "outcome", "update")
REASON = partial(serializers.CharField, max_length=500, allow_blank=True)
PUBLIC_REASON = partial(
    REASON, help_text=f"Everybody reads it: one of {', '.join(voices.REASONS)}, or words of your own."
)
VOICES = partial(SeenSeveral, Voice, "id")
STAGE = partial(KeyField, choices=StageNumber.choices, source="stage_number")


# --- who is inside, asked once for a whole list -----------------------------------------------------------------------
def _projects(view: Any, name: str, agencies: Any, parts: Any) -> set[int]:
    """Numbers of the projects in which these agencies have one of these parts; kept with the view under `name`."""
    if name not in view.__dict__:
        rows = ProjectAgency.objects.filter(agency__in=agencies, part__in=parts)
        view.__dict__[name] = set(rows.values_list("project_id", flat=True))
    found: set[int] = view.__dict__[name]
    return found


class OfTeam(RecordSerializer):
    """A record about a call: the project's team and staff are inside."""

    def project_of(self, row: Any) -> int:
        """The number of the project it is about."""
        return int((row if isinstance(row, Call) else row.call).project_id)

    def is_inside(self, row: Any) -> bool:
        """Staff, and whoever works for the owner or a partner of the project."""
        view = self.context["view"]
        return super().is_inside(row) or self.project_of(row) in _projects(
            view, "team", list(view.own), REPORTING_PARTS
        )

    def leads(self, row: Any, parts: Any = REPORTING_PARTS) -> bool:
        """Whether the person leads an agency with such a part in the project."""
        view = self.context["view"]
        return self.project_of(row) in _projects(view, f"led {parts}", led_by(self.person), parts)


def call_steps(serializer: Any, row: Call) -> list[str]:
    """What the person may do with a call."""
    return calls.open_steps(serializer.person, row, led=serializer.leads(row))


def voice_steps(serializer: Any, row: Voice) -> list[str]:
    """What the person may decide about a voice."""
    owner = row.call.lead_moderates and serializer.leads(row, (PartKind.OWNER,))
    return voices.open_steps(serializer.person, row, allowed=is_desk(serializer.person) or owner)


def theme_steps(serializer: Any, row: Theme) -> list[str]:
    """What the person may do with a theme."""
    return themes.open_steps(serializer.person, row, team=serializer.is_inside(row))


def author(person: Any, thing: Any) -> None:
    """Who may write this call; a new one, whoever leads any agency."""
    if thing:
        calls.require_right(calls.verb_for_editing(thing), person, thing)
    else:
        calls.require_author(person, None)


# --- the rows --------------------------------------------------------------------------------------------------------
CALLS = Noun(
    Call,
    "call",
    begins=("project",),
    columns=("stage", *CALL),
    add=calls.add,
    edit=calls.edit,
    remove=publishing.remove,
    may=author,
    asks={"stage": STAGE},
    said_as={"stage_number": "stage"},
    verbs=(
        *PUBLISHING,
        Verb(
            "extend",
            calls.extend,
            "Make longer",
            "OPDC staff or a lead move the last day of an open call to a later one.",
            columns=("closes_on",),
            may=lambda person, thing: calls.require_right("extend", person, thing),
        ),
    ),
)


def moderator(person: Any, thing: Any) -> None:
    """Who decides about this voice."""
    calls.require_moderator(person, thing.call)


DECIDE = "OPDC staff, and leads of the owner's agency where the call lets them, decide: "
VOICE = Noun(
    Voice,
    "voice",
    verbs=(
        Verb("show", voices.show, "Show", f"{DECIDE}everybody reads it.", may=moderator),
        Verb(
            "withhold",
            voices.withhold,
            "Withhold",
            f"{DECIDE}everybody reads the reason in its place.",
            takes={"reason": PUBLIC_REASON},
            may=moderator,
        ),
        Verb("wait", voices.wait, "Let wait again", f"{DECIDE}it waits again.", may=moderator),
    ),
)
TEAM = "The project's team or OPDC staff "


def team(person: Any, thing: Any) -> None:
    """The team of the call; who adds a theme says only then to which."""
    if thing:
        calls.require_team(person, thing.call)


THEMES = Noun(
    Theme,
    "theme",
    begins=("call", "voices"),
    columns=("title_th", "title_en"),
    add=themes.add,
    edit=themes.edit,
    remove=themes.remove,
    may=team,
    verbs=(
        Verb(
            "answer",
            themes.answer,
            "Answer",
            f"{TEAM}say what became of it; what is not sent is emptied.",
            columns=ANSWER,
            may=team,
            must_match=True,
        ),
        Verb("show", themes.show, "Show", f"{TEAM}let everybody read it, once it is answered.", may=team),
        Verb("unshow", themes.unshow, "Take off the public pages", f"{TEAM}take it off the public pages.", may=team),
        Verb(
            "move",
            themes.move,
            "Move by one place",
            f"{TEAM}move it up or down among the call's themes.",
            takes={"to": partial(KeyField, choices=list(themes.TO))},
            may=team,
            versioned=False,
        ),
        *(
            Verb(name, rule, summary, f"{TEAM}{about}", takes={"voices": VOICES}, may=team, versioned=False)
            for name, rule, summary, about in (
                ("group", themes.group, "Put voices in", "put voices of the call into it."),
                ("ungroup", themes.ungroup, "Take voices out", "take voices out of it; these stay as they are."),
            )
        ),
    ),
)
# --- the doors -------------------------------------------------------------------------------------------------------
CallSerializer = record(
    "CallSerializer",
    Call,
    ("id", "project", "stage", *CALL, "state", "demo", "version"),
    about="A question that a project puts to the public.",
    base=OfTeam,
    inside=("lead_moderates", "version"),
    also={"stage": serializers.IntegerField(source="stage_number")},
)
VoiceSerializer = record(
    "VoiceSerializer",
    Voice,
    ("id", "call", "text", "standpoint", "language", "state", "reason", "said_on", "created_at", "demo", "version"),
    about="What a visitor answers to a call; how to reach them is not told here.",
    base=OfTeam,
    inside=("reason", "created_at", "version"),
    also=SAID,
)


def told_by(serializer: Any, row: Theme) -> int | None:
    """The report that tells of the change, while it is approved."""
    return row.update_id if row.update and row.update.state == UpdateState.APPROVED else None


ThemeSerializer = record(
    "ThemeSerializer",
    Theme,
    ("id", "call", "position", "title_th", "title_en", *ANSWER, "voices", "shown", "demo", "version"),
    about="What several voices of a call say in common, and what the team answers.",
    base=OfTeam,
    inside=("voices", "shown", "version"),
    also={"update": serializers.SerializerMethodField(), "get_update": told_by},
)
OF_CALL = {"call": touching.calls, "call__project": touching.projects, "call__project__parts": touching.team}
Voices = door(
    VOICE,
    VoiceSerializer,
    "what visitors answered to calls",
    "What is shown; a project's team and OPDC staff all.",
    seen=lambda person: Voice.objects.visible_to(person).select_related("call__project"),
    filters={"call": by(Call), "state": Choice(choices=Moderation.choices)},
    steps=voice_steps,
    touched=OF_CALL,
)
Themes = door(
    THEMES,
    ThemeSerializer,
    "what the answers to a call have in common",
    "What is shown; a project's team and OPDC staff all.",
    seen=lambda person: Theme.objects.visible_to(person).select_related("call__project"),
    filters={"call": by(Call)},
    steps=theme_steps,
    touched={**OF_CALL, "update": touching.sent},
)
Calls = door(
    CALLS,
    CallSerializer,
    "calls to the public",
    "What is published; a project's team also its own drafts; OPDC staff all.",
    filters={"project": by(Project), "state": Choice(choices=PublishState.choices)},
    steps=call_steps,
    touched={"project": touching.projects, "project__parts": touching.team},
    beside={"voices": Beside(Voices, "call"), "themes": Beside(Themes, "call")},
)
DOORS: list[tuple[str, Any, str]] = [("calls", Calls, "call"), ("voices", Voices, "voice"), ("themes", Themes, "theme")]
