"""Ratings and proposals of visitors, decided by programs: OPDC staff read and decide them."""

from datetime import date
from functools import partial
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from agencies.api.columns import record
from agencies.api.keeping import Noun, Verb, by, door
from govlab.filters import Choice
from projects.api.touching import projects, removed, team
from projects.models import Moderation, Project, Proposal, ProposalState, Rating
from projects.rules import proposals, ratings

REASON = partial(serializers.CharField, max_length=500, allow_blank=True)


def day_of(serializer: Any, row: Any) -> date:
    """The day (Bangkok's) on which a visitor wrote; the moment is for those who decide."""
    return timezone.localdate(row.created_at)


SAID = {"said_on": serializers.SerializerMethodField(), "get_said_on": day_of}


def rating_steps(serializer: Any, row: Rating) -> list[str]:
    """What the person may decide about a rating."""
    return ratings.open_steps(serializer.person, row)


# --- the rows --------------------------------------------------------------------------------------------------------
RATINGS = Noun(
    Rating,
    "rating",
    verbs=(
        Verb("show", ratings.show, "Show", "OPDC staff let everybody read the comment."),
        Verb(
            "withhold",
            ratings.withhold,
            "Withhold the comment",
            "OPDC staff keep the comment from the public; its stars count.",
            takes={"reason": REASON},
        ),
        Verb("wait", ratings.wait, "Let wait again", "OPDC staff take a decision back."),
        Verb(
            "take_out",
            ratings.take_out,
            "Take out",
            "OPDC staff take the whole rating out as abuse.",
            takes={"reason": REASON},
        ),
    ),
)
PROPOSALS = Noun(
    Proposal,
    "proposal",
    verbs=(
        Verb("take", proposals.list_as_innovation, "Take", "OPDC staff make a draft entry of the library of it."),
        Verb(
            "decline",
            proposals.decline,
            "Decline",
            "OPDC staff do not take it, and say why.",
            takes={"reason": partial(serializers.CharField, max_length=500)},
        ),
    ),
)

# --- the doors -------------------------------------------------------------------------------------------------------
RatingSerializer = record(
    "RatingSerializer",
    Rating,
    ("id", "project", "stars", "comment", "language", "state", "reason", "said_on", "created_at", "demo", "version"),
    about="What a visitor thinks of a project.",
    inside=("reason", "created_at", "version"),
    also=SAID,
)
ProposalSerializer = record(
    "ProposalSerializer",
    Proposal,
    (
        *("id", "title", "about", "carries_over", "agency", "country", "url", "language", "state", "reason"),
        *("innovation", "decided_at", "created_at", "demo", "version"),
    ),
    about="An innovation that a visitor proposes for the library; how to reach them is not told here.",
    also={"url": serializers.CharField(help_text="Where one can read more.")},
)

Ratings = door(
    RATINGS,
    RatingSerializer,
    "ratings of projects",
    "Those whose comment is shown; OPDC staff all.",
    filters={"project": by(Project), "state": Choice(choices=Moderation.choices)},
    steps=rating_steps,
    touched={"project": projects, "project__parts": team},
)
Proposals = door(
    PROPOSALS,
    ProposalSerializer,
    "innovations that visitors propose",
    "Only OPDC staff read and decide them.",
    filters={"state": Choice(choices=ProposalState.choices)},
    signed_in=True,
    touched={"innovation": removed},
)
DOORS: list[tuple[str, Any, str]] = [("ratings", Ratings, "rating"), ("proposals", Proposals, "proposal")]
