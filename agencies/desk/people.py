"""People on the desk: who works for an agency and in which role; everybody with an account; OPDC's own staff."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.desk.agencies import AgencyDoor
from agencies.doors import DeskDoor
from agencies.models import Agency, Membership, Role, User
from agencies.rules import people
from govlab.doors import RuleConfirm, RuleForm
from govlab.paging import page_of


class MemberForm(forms.Form):
    """A person to work for the agency; the account is made when there is none."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=150, help_text=_("Used when this e-mail has no account yet."))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect, initial=Role.REPORTER)


class RoleForm(forms.ModelForm):
    """What a person does for the agency."""

    class Meta:
        model = Membership
        fields = ["role"]
        widgets = {"role": forms.RadioSelect}


class MemberAdd(AgencyDoor, RuleForm):
    """Lets a person work for the agency."""

    form_class = MemberForm
    template_name = "desk/form.html"
    title = _("Add a person to the agency")
    button = _("Add the person")
    done_message = _("The person can work for the agency now. Who is new gets a letter to choose a password.")

    def form_kwargs(self) -> dict[str, Any]:
        """An agency that is not there is a 404 before anything is asked."""
        self.agency = self.found()
        return {}

    def context(self) -> dict[str, Any]:
        """The way back to the agency."""
        return {"back": agency_page(self.agency), "crumbs": agency_crumbs(self.agency, self.title)}

    def rule(self, **answers: Any) -> Membership:
        """Adds the person."""
        return people.add_member(self.agency, by=self.person, **answers)

    def next_page(self, result: Membership) -> str:
        """The agency."""
        return agency_page(self.agency)


def agency_page(agency: Agency) -> str:
    """The agency's page on the desk."""
    return reverse("desk:agency-detail", kwargs={"key": agency.key})


def agency_crumbs(agency: Agency, title: Any) -> list[tuple[str, Any]]:
    """The way from all agencies to a page about one of its people."""
    return [(reverse("desk:agency-list"), _("Agencies")), (agency_page(agency), agency.short), ("", title)]


class MemberEdit(DeskDoor, RuleForm):
    """What a person does for an agency."""

    form_class = RoleForm
    template_name = "desk/form.html"
    button = _("Save the role")
    done_message = _("The role is saved.")

    def find(self) -> Membership:
        """The membership that the address names."""
        member = get_object_or_404(Membership.objects.select_related("user", "agency"), pk=self.kwargs["pk"])
        self.title = gettext("The role of %(person)s") % {"person": member.user}
        return member

    def context(self) -> dict[str, Any]:
        """The way back to the agency."""
        agency = self.thing.agency
        return {"back": agency_page(agency), "crumbs": agency_crumbs(agency, self.title)}

    def rule(self, **answers: Any) -> Membership:
        """Changes it."""
        return people.edit_member(self.thing, by=self.person, **answers)

    def next_page(self, result: Membership) -> str:
        """The agency."""
        return agency_page(self.thing.agency)


class MemberRemove(DeskDoor, RuleConfirm):
    """Ends a person's work for an agency."""

    template_name = "desk/confirm.html"
    done_message = _("The person no longer works for the agency.")

    def member(self) -> Membership:
        """The membership that the address names."""
        return get_object_or_404(Membership.objects.select_related("user", "agency"), pk=self.kwargs["pk"])

    def context(self) -> dict[str, Any]:
        """What will happen."""
        member = self.member()
        title = gettext("Take %(person)s out of %(agency)s?") % {"person": member.user, "agency": member.agency}
        return {
            "title": title,
            "intro": _("What they wrote stays. Their account stays too."),
            "button": _("Take the person out"),
            "back": agency_page(member.agency),
            "crumbs": agency_crumbs(member.agency, title),
        }

    def rule(self, **answers: Any) -> Agency:
        """Ends it; the answer is the agency that goes on without them."""
        member = self.member()
        people.remove_member(member, by=self.person)
        return member.agency

    def next_page(self, result: Agency) -> str:
        """The agency."""
        return agency_page(result)

    def back_page(self) -> str:
        """The agency."""
        return agency_page(self.member().agency)


WHO = [
    ("", _("Everybody")),
    ("staff", _("OPDC staff")),
    ("agencies", _("People of agencies")),
    ("out", _("May not sign in")),
]


class PeopleForm(forms.Form):
    """What the list of people is narrowed to."""

    q = forms.CharField(label=_("Name or e-mail"), required=False, max_length=100)
    who = forms.ChoiceField(label=_("Group of people"), required=False, choices=WHO)


class PersonList(DeskDoor):
    """Everybody with an account."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, filtered and in pages."""
        form = PeopleForm(request.GET)
        form.is_valid()
        given = form.cleaned_data
        rows = User.objects.prefetch_related("memberships__agency")
        if words := given.get("q"):
            rows = rows.filter(Q(name__icontains=words) | Q(email__icontains=words))
        match given.get("who"):
            case "staff":
                rows = rows.filter(is_staff=True)
            case "agencies":
                rows = rows.filter(pk__in=Membership.objects.values("user"))
            case "out":
                rows = rows.filter(is_active=False)
        page = page_of(request, rows, 50)
        context = {"title": _("People"), "form": form, "page_obj": page, "people": page.object_list}
        return render(request, "desk/people/list.html", context, status=page.status)


class StaffForm(forms.Form):
    """A new member of OPDC's staff."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=150)


class PersonForm(forms.ModelForm):
    """What staff decide about a person."""

    class Meta:
        model = User
        fields = ["name", "is_staff", "leads_desk", "is_active"]


class PersonAsking(DeskDoor, RuleForm):
    """What adding and editing have in common."""

    template_name = "desk/form.html"

    def context(self) -> dict[str, Any]:
        """The way back to the list."""
        back = reverse("desk:person-list")
        return {"back": back, "crumbs": [(back, _("People")), ("", self.title)]}

    def next_page(self, result: User) -> str:
        """The list."""
        return reverse("desk:person-list")


class PersonAdd(PersonAsking):
    """Makes somebody one of OPDC's staff."""

    form_class = StaffForm
    title = _("Add a member of OPDC staff")
    button = _("Add the member of staff")
    done_message = _("The person is OPDC staff now. Who is new gets a letter to choose a password.")

    def rule(self, **answers: Any) -> User:
        """Adds them."""
        return people.add_staff(by=self.person, **answers)


class PersonEdit(PersonAsking):
    """A person's name, whether they are staff and lead the desk, whether they may sign in."""

    form_class = PersonForm
    button = _("Save the person")
    done_message = _("The person is saved.")

    def find(self) -> User:
        """The person that the address names."""
        person = get_object_or_404(User, pk=self.kwargs["pk"])
        self.title = gettext("Edit %(person)s") % {"person": person}
        return person

    def rule(self, **answers: Any) -> User:
        """Changes them."""
        return people.edit_person(self.thing, by=self.person, version=self.version(), **answers)
