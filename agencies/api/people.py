"""Agencies, sources and people, written by programs: staff keep them; a lead keeps the people of the own agency."""

from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from agencies.access import agencies_of, is_desk
from agencies.api.agencies import Agencies
from agencies.api.asking import Steps
from agencies.api.columns import record
from agencies.api.keeping import Noun, Verb, by, door, keeping, staff_only
from agencies.api.reading import Beside
from agencies.api.records import AgencySerializer, RecordSerializer
from agencies.api.sources import Sources
from agencies.models import Agency, Membership, Role, Source, User
from agencies.rules import agencies, people, records
from govlab.api import KeyField

EMAIL = partial(serializers.EmailField, max_length=254)
NAME = partial(serializers.CharField, max_length=150)
SOURCE = ("key", "title_th", "title_en", "publisher_th", "publisher_en", "published_on", "url")
AGENCY = ("key", "name_th", "name_en", "short_th", "short_en", "kind", "parent", "quota_mb", "sources")
PERSON = ("name", "is_staff", "leads_desk", "is_active")
KEEPERS = ("lead_passes_on", "quota_mb")
"""Columns of an agency that its leads and staff read."""


def leads_in(view: Any, agency: int) -> bool:
    """Whether whoever asks leads the agency of this number; asked once for a whole list."""
    return bool(view.roles.get(agency) == Role.LEAD)


@extend_schema_serializer(component_name="Agency")
class KeptAgencySerializer(AgencySerializer):
    """A body that has a part in GovLab."""

    inside = ("version", *KEEPERS)

    def is_inside(self, row: Any) -> bool:
        """Staff, and its leads."""
        return super().is_inside(row) or leads_in(self.context["view"], row.pk)

    class Meta(AgencySerializer.Meta):
        fields = [*AgencySerializer.Meta.fields, *KEEPERS]


class OfAgency(RecordSerializer):
    """A record that the leads of its agency keep."""

    def is_inside(self, row: Any) -> bool:
        """Staff, and its leads."""
        return super().is_inside(row) or leads_in(self.context["view"], row.agency_id)


@Steps
def known(person: Any) -> Q:
    """Of people: every change but signing in, which is nobody else's business."""
    return ~Q(history_type="~", history_change_reason=None)


def keeper(person: Any, thing: Any) -> None:
    """Staff, and leads: of this agency or of the member's, or of any while nobody is named yet."""
    people.require_keeper(person, getattr(thing, "agency", thing))


def colleagues(person: Any) -> QuerySet[Any]:
    """Who works for the person's agencies; for staff, who works for any."""
    rows = Membership.objects.all()
    return rows if is_desk(person) else rows.filter(agency__in=agencies_of(person))


# --- the rows --------------------------------------------------------------------------------------------------------
AGENCIES = Noun(
    Agency,
    "agency",
    columns=AGENCY,
    add=partial(records.add, Agency),
    edit=records.edit,
    verbs=(
        Verb(
            "passing",
            agencies.set_passing,
            "Say who sends to OPDC",
            "A lead or OPDC staff say whether a lead reads what reporters write before it goes to OPDC.",
            takes={"lead_passes_on": serializers.BooleanField},
            may=keeper,
            must_match=True,
        ),
    ),
)
SOURCES = Noun(
    Source, "source", columns=SOURCE, add=partial(records.add, Source), edit=records.edit, remove=records.remove
)
PEOPLE = Noun(
    User,
    "person",
    begins=("email", "name"),
    later=PERSON,
    whole=PERSON,
    add=people.add_staff,
    edit=people.edit_person,
    asks={"email": EMAIL, "name": NAME},
)
MEMBERSHIPS = Noun(
    Membership,
    "membership",
    begins=("agency", "email", "name"),
    columns=("role",),
    whole=("role",),
    add=people.add_member,
    edit=people.edit_member,
    remove=people.remove_member,
    may=keeper,
    asks={"email": EMAIL, "name": NAME, "role": partial(KeyField, choices=Role.choices)},
)

# --- the doors -------------------------------------------------------------------------------------------------------
PersonSerializer = record(
    "AccountSerializer",
    User,
    ("id", "email", *PERSON, "demo", "version"),
    about="Somebody with an account; only OPDC staff read it.",
)
MembershipSerializer = record(
    "MembershipSerializer",
    Membership,
    ("id", "agency", "person", "email", "role", "demo", "version"),
    about="That somebody works for an agency; colleagues read who it is, leads and OPDC staff the address too.",
    base=OfAgency,
    inside=("email", "version"),
    also={
        "person": serializers.CharField(source="user.name"),
        "email": serializers.CharField(source="user.email", required=False),
    },
)
People = door(
    PEOPLE,
    PersonSerializer,
    "people with an account",
    "OPDC staff read and keep them.",
    seen=staff_only(User),
    searched=("name", "email"),
    signed_in=True,
)
Memberships = door(
    MEMBERSHIPS,
    MembershipSerializer,
    "people of agencies",
    "OPDC staff see all, everybody else those of the own agencies.",
    seen=lambda person: colleagues(person).select_related("user"),
    filters={"agency": by(Agency)},
    searched=("user__name",),
    signed_in=True,
    touched={"user": known, "agency": None},
)


class KeptAgencies(Agencies):
    """Everybody may see every agency."""

    beside = {"memberships": Beside(Memberships, "agency")}


DOORS: list[tuple[str, Any, str]] = [
    ("agencies", keeping(KeptAgencies, AGENCIES, KeptAgencySerializer), "agency"),
    ("sources", keeping(Sources, SOURCES), "source"),
    ("people", People, "person"),
    ("memberships", Memberships, "membership"),
]
