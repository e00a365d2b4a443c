"""What happened around accounts, for staff to read: signing in and out, failures, passwords."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from agencies.forms.people import PeopleField
from agencies.models import SecurityEvent, SecurityKind
from govlab.paging import page_of


class SecurityForm(forms.Form):
    """What the list is narrowed to."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *SecurityKind.choices])
    person = PeopleField()


class SecurityList(DeskDoor):
    """The events, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, filtered and in pages."""
        form = SecurityForm(request.GET)
        form.is_valid()
        given = form.cleaned_data
        rows = SecurityEvent.objects.select_related("user")
        if kind := given.get("kind"):
            rows = rows.filter(kind=kind)
        if (people := given.get("person")) is not None:
            rows = rows.filter(user__in=people)
        page = page_of(request, rows, 50)
        title = _("Security events")
        context = {
            "title": title,
            "form": form,
            "page_obj": page,
            "rows": page.object_list,
            "crumbs": [(reverse("desk:history"), _("History")), ("", title)],
        }
        return render(request, "desk/security/list.html", context, status=page.status)
