"""The people of the person's agencies: everybody sees who they are, leads keep the list."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import agencies_of, led_by
from agencies.doors import WorkspaceDoor
from agencies.forms.people import MemberForm, NewMemberForm
from agencies.models import Agency, Membership
from agencies.rules import people
from agencies.workspace.agencies import passing_form
from govlab.doors import RuleConfirm, RuleForm


def members_of(person: Any) -> QuerySet[Membership]:
    """Who works for the person's agencies; the people of others are not there."""
    return Membership.objects.filter(agency__in=agencies_of(person)).select_related("agency", "user")


def find_member(person: Any, pk: int) -> Membership:
    """A membership in an agency that the person leads; PermissionDenied for a mere colleague."""
    member = get_object_or_404(members_of(person), pk=pk)
    people.require_keeper(person, member.agency)
    return member


class MemberList(WorkspaceDoor):
    """Who works for the person's agencies."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, by agency."""
        led = set(led_by(self.person).values_list("pk", flat=True))
        agencies: dict[Agency, list[Membership]] = {}
        for member in members_of(self.person):
            agencies.setdefault(member.agency, []).append(member)
        rows = [
            (agency, members, passing_form(agency) if agency.pk in led else None)
            for agency, members in agencies.items()
        ]
        context = {"rows": rows, "leads": bool(led), "form_key": uuid.uuid4().hex}
        return render(request, "workspace/people/list.html", context)


class MemberAsking(WorkspaceDoor):
    """What adding, editing and removing have in common."""

    def crumbs(self, title: Any) -> list[tuple[str, Any]]:
        """The way back to the list."""
        return [(reverse("workspace:member-list"), _("Our people")), ("", title)]

    def next_page(self, result: Any) -> str:
        """Back to the list."""
        return reverse("workspace:member-list")


class MemberAdd(MemberAsking, RuleForm):
    """Somebody comes to work for the agency."""

    form_class = NewMemberForm
    template_name = "workspace/form.html"
    title = gettext_lazy("Add a person")
    button = gettext_lazy("Add the person")
    done_message = gettext_lazy("The person is added.")

    def find(self) -> None:
        """Nobody yet; but only a lead is asked."""
        self.agencies = led_by(self.person)
        if not self.agencies:
            raise PermissionDenied(_("Only a lead of this agency or OPDC staff may do this."))

    def form_kwargs(self) -> dict[str, Any]:
        """The agencies that the person leads."""
        return {"agencies": self.agencies}

    def context(self) -> dict[str, Any]:
        """The way back to the list."""
        return {"crumbs": self.crumbs(self.title), "back": reverse("workspace:member-list")}

    def rule(self, agency: Agency | None = None, **answers: Any) -> Membership:
        """Adds them."""
        return people.add_member(agency or self.agencies[0], by=self.person, **answers)


class MemberEdit(MemberAsking, RuleForm):
    """What a person does for the agency."""

    form_class = MemberForm
    template_name = "workspace/form.html"
    title = gettext_lazy("Change the role")
    button = gettext_lazy("Save the role")
    done_message = gettext_lazy("The role is saved.")

    def find(self) -> Membership:
        """By its number."""
        return find_member(self.person, self.kwargs["pk"])

    def context(self) -> dict[str, Any]:
        """Whose role it is, and the way back."""
        return {
            "intro": self.thing,
            "crumbs": self.crumbs(self.title),
            "back": reverse("workspace:member-list"),
        }

    def rule(self, **answers: Any) -> Membership:
        """Changes it."""
        return people.edit_member(self.thing, by=self.person, **answers)


class MemberRemove(MemberAsking, RuleConfirm):
    """A person no longer works for the agency."""

    template_name = "workspace/confirm.html"
    done_message = gettext_lazy("The person no longer works for the agency here.")

    def context(self) -> dict[str, Any]:
        """Who it is, and the way back."""
        member = find_member(self.person, self.kwargs["pk"])
        return {
            "title": _("Remove %(name)s from %(agency)s?") % {"name": member.user, "agency": member.agency},
            "intro": _("They can no longer write for this agency. What they wrote stays."),
            "button": _("Remove the person"),
            "crumbs": self.crumbs(_("Remove the person")),
            "back": self.back_page(),
        }

    def rule(self, **answers: Any) -> Membership:
        """Ends the membership."""
        member = find_member(self.person, self.kwargs["pk"])
        people.remove_member(member, by=self.person)
        return member

    def next_page(self, result: Membership) -> str:
        """Back to the list; who removed oneself may no longer see it."""
        return reverse("account:home") if result.user_id == self.person.pk else super().next_page(result)

    def back_page(self) -> str:
        """The list."""
        return reverse("workspace:member-list")
