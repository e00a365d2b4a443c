"""Webhooks on the desk: the programs elsewhere that are told what changes, and the log of what they were told."""

import json
from contextlib import suppress
from typing import Any

from django import forms
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from govlab.doors import RuleButton
from govlab.paging import page_of
from projects.delivering import TROUBLE
from projects.desk.pages import PageDoor, PageForm, PageRemove
from projects.models import Delivery, DeliveryState, Told, Webhook
from projects.models.webhooks import CHOOSE
from projects.rules import webhooks

PAGE = 50
NAME = _("Webhooks")


class WebhookForm(forms.ModelForm):
    """A webhook: whose it is, where it listens, what it is told."""

    kinds = forms.MultipleChoiceField(
        label=_("What it is told"),
        choices=Told.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": CHOOSE},
    )

    class Meta:
        model = Webhook
        fields = ["name", "address", "kinds"]
        widgets = {"address": forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"})}

    def clean_address(self) -> str:
        """Only what lies on the public internet; its name is looked up here, before any transaction."""
        address = str(self.cleaned_data["address"]).strip()
        if "address" in self.changed_data:
            try:
                webhooks.require_callable(address)
            except forms.ValidationError as error:
                raise forms.ValidationError(error.message_dict["address"]) from None
        return address


class WebhookDoor(PageDoor):
    """A door about one webhook."""

    def found(self) -> Webhook:
        """The webhook that the address names."""
        return get_object_or_404(Webhook.objects.visible_to(self.person), pk=self.kwargs["pk"])

    def own_page(self) -> str:
        """Its page; while it is being added, the list."""
        pk = self.kwargs.get("pk")
        return reverse("desk:webhook-detail", args=[pk]) if pk else reverse("desk:webhook-list")

    def crumbs(self, title: Any) -> list[tuple[str, Any]]:
        """The way from the list."""
        own = [(self.own_page(), self.found())] if "pk" in self.kwargs else []
        return [(reverse("desk:webhook-list"), NAME), *own, ("", title)]


class WebhookList(DeskDoor):
    """Every webhook with what became of the last thing it was told."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list; on top, how much was given up."""
        last = Delivery.objects.filter(webhook=OuterRef("pk")).exclude(tried_at=None).order_by("-tried_at", "pk")
        rows = Webhook.objects.visible_to(self.person).annotate(last=Subquery(last.values("pk")[:1]))
        rows = list(rows)
        found = Delivery.objects.in_bulk([row.last for row in rows if row.last])
        context = {
            "title": NAME,
            "rows": [(row, found.get(row.last)) for row in rows],
            "given_up": Delivery.objects.filter(state=DeliveryState.GIVEN_UP).count(),
        }
        return render(request, "desk/webhooks/list.html", context)


class SecretForm(WebhookDoor, PageForm):
    """A form whose answer shows the secret: it stands there and nowhere else, as a redirect would have to keep it."""

    def carry_out(self, request: HttpRequest, **answers: Any) -> HttpResponse:
        """Carries it out, and shows the secret."""
        super().carry_out(request, **answers)
        back = reverse("desk:webhook-detail", args=[self.thing.pk])
        context = {"webhook": self.thing, "secret": self.thing.secret, "title": self.done_title, "back": back}
        return render(request, "desk/webhooks/secret.html", {**context, "crumbs": self.crumbs(self.done_title)})

    done_title: Any = ""

    def next_page(self, result: Webhook) -> str:
        """Where a second click leads: the page, which has no secret."""
        return reverse("desk:webhook-detail", args=[result.pk])


class WebhookAdd(SecretForm):
    """A new webhook."""

    form_class = WebhookForm
    title = _("Add a webhook")
    button = _("Add the webhook")
    done_title = _("The webhook is added")

    def rule(self, **answers: Any) -> Webhook:
        """Adds it."""
        self.thing = webhooks.add(by=self.person, **answers)
        return self.thing


class WebhookRenew(SecretForm):
    """A new secret."""

    form_class = forms.Form
    title = _("Renew the secret?")
    button = _("Renew the secret")
    done_title = _("The secret is renewed")

    def find(self) -> Webhook:
        """By its number."""
        return self.found()

    def context(self) -> dict[str, Any]:
        """What it means."""
        intro = _(
            "From then on nothing is signed with the old secret: the receiver refuses it until it has the new one."
        )
        return {**super().context(), "intro": intro}

    def rule(self, **answers: Any) -> Webhook:
        """Renews it."""
        self.thing = webhooks.renew(self.thing, by=self.person)
        return self.thing


class WebhookEdit(WebhookDoor, PageForm):
    """A webhook that is there."""

    form_class = WebhookForm
    title = _("Edit the webhook")
    button = _("Save the webhook")
    done_message = _("The webhook is saved.")

    def find(self) -> Webhook:
        """By its number."""
        return self.found()

    def rule(self, **answers: Any) -> Webhook:
        """Changes it."""
        return webhooks.edit(self.thing, by=self.person, **answers)


class WebhookRemove(WebhookDoor, PageRemove):
    """Takes a webhook out."""

    button = _("Remove the webhook")
    done_message = _("The webhook is removed.")

    def row(self) -> Webhook:
        """By its number."""
        return self.found()

    def question(self, row: Webhook) -> dict[str, Any]:
        """Which one it is."""
        intro = _("Its program is told nothing more, and the log of its messages goes with it.")
        return {"title": _("Remove this webhook?"), "what": row, "intro": intro}

    def rule(self, **answers: Any) -> None:
        """Removes it."""
        webhooks.remove(self.row(), by=self.person)

    def next_page(self, result: None) -> str:
        """The list."""
        return reverse("desk:webhook-list")


class DeliveryForm(forms.Form):
    """What the log is narrowed to."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *DeliveryState.choices])
    kind = forms.ChoiceField(label=_("What it tells"), required=False, choices=[("", _("All")), *Told.choices])


class WebhookDetail(WebhookDoor):
    """One webhook and the log of what it was told."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        webhook, form = self.found(), DeliveryForm(request.GET)
        form.is_valid()
        rows = Delivery.objects.filter(webhook=webhook).defer("body")
        rows = rows.filter(**{name: value for name, value in form.cleaned_data.items() if value})
        page = page_of(request, rows, PAGE)
        context = {
            "webhook": webhook,
            "told": [label for kind, label in Told.choices if kind in webhook.kinds],
            "failing_since": Delivery.objects.failing_since(webhook),
            "form": form,
            "page_obj": page,
            "deliveries": page.object_list,
            "crumbs": [(reverse("desk:webhook-list"), NAME), ("", webhook)],
        }
        return render(request, "desk/webhooks/detail.html", context, status=page.status)


class WebhookButton(WebhookDoor, RuleButton):
    """A button on the page of a webhook."""


class WebhookPause(WebhookButton):
    """Tells it nothing for a time."""

    done_message = _("The webhook is paused.")

    def rule(self, **answers: Any) -> Webhook:
        """Pauses it."""
        return webhooks.pause(self.found(), by=self.person)


class WebhookResume(WebhookButton):
    """Tells it again what happens."""

    done_message = _("The webhook goes on.")

    def rule(self, **answers: Any) -> Webhook:
        """Lets it go on."""
        return webhooks.resume(self.found(), by=self.person)


class WebhookTest(WebhookButton):
    """Sends it a test."""

    done_message = _("The test goes out within a minute. See below what became of it.")

    def rule(self, **answers: Any) -> Delivery:
        """Puts it on its way."""
        return webhooks.test(self.found(), by=self.person)


class DeliveryDoor(DeskDoor):
    """A door about one delivery."""

    def found(self) -> Delivery:
        """The delivery that the address names."""
        rows = Delivery.objects.visible_to(self.person).select_related("webhook")
        return get_object_or_404(rows, pk=self.kwargs["pk"])


class DeliveryDetail(DeliveryDoor):
    """One delivery as it was sent, and what became of it."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """The page."""
        delivery = self.found()
        body = delivery.body
        with suppress(ValueError):
            body = json.dumps(json.loads(body), ensure_ascii=False, indent=2)
        own = reverse("desk:webhook-detail", args=[delivery.webhook_id])
        context = {
            "delivery": delivery,
            "body": body,
            "trouble": TROUBLE.get(delivery.error, ""),
            "may_send_again": delivery.state in webhooks.AGAIN,
            "crumbs": [(reverse("desk:webhook-list"), NAME), (own, delivery.webhook), ("", delivery)],
        }
        return render(request, "desk/webhooks/delivery.html", context)


class DeliveryAgain(DeliveryDoor, RuleButton):
    """Sends a delivery again."""

    done_message = _("The message goes out again within a minute.")

    def rule(self, **answers: Any) -> Delivery:
        """Puts it back on its way."""
        return webhooks.send_again(self.found(), by=self.person)

    def next_page(self, result: Delivery) -> str:
        """Its page."""
        return self.back_page()

    def back_page(self) -> str:
        """Its page."""
        return reverse("desk:delivery-detail", args=[self.kwargs["pk"]])
