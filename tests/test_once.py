"""One form is carried out once, a refused one keeps all that was typed, and nobody overwrites another in silence."""

import re
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path

from agencies.doors import DeskDoor
from agencies.models import User
from agencies.rules import records
from govlab import urls
from govlab.doors import RuleButton, RuleForm, SentBefore, digest_of, first_time
from govlab.models import Once
from projects.models import Cohort
from tests import factories


class CohortForm(forms.ModelForm):
    class Meta:
        model = Cohort
        fields = ["year", "about_th"]


class Asking(DeskDoor, RuleForm):
    form_class = CohortForm
    template_name = "desk/form.html"
    title, button, done_message = "A cohort", "Save the cohort", "Saved."

    def next_page(self, result: Cohort) -> str:
        return f"/once/{result.year}/"


class Adding(Asking):
    def rule(self, **answers: Any) -> Cohort:
        if answers["about_th"] == "at a field":
            raise ValidationError({"about_th": "This says nothing."})
        if answers["about_th"] == "elsewhere":
            raise ValidationError({"version": "This is not asked."})
        if answers["about_th"] == "on top":
            raise ValidationError("Not today.")
        return records.add(Cohort, by=self.person, **answers)


class Editing(Asking):
    def find(self) -> Cohort:
        return get_object_or_404(Cohort, pk=self.kwargs["pk"])

    def rule(self, **answers: Any) -> Cohort:
        return records.edit(self.thing, by=self.person, **answers)


class Pressing(DeskDoor, RuleButton):
    done_message = "Pressed."

    def rule(self, **answers: Any) -> Cohort:
        if "no" in self.request.POST:
            raise ValidationError(["Not now.", "And not like this."])
        version = self.version() if "version" in self.request.POST else Cohort.objects.get(pk=self.kwargs["pk"]).version
        cohort = Cohort.objects.get(pk=self.kwargs["pk"])
        return records.edit(cohort, by=self.person, version=version, about_th=f"{cohort.about_th}+")

    def next_page(self, result: Cohort) -> str:
        return f"/once/{result.year}/"

    def back_page(self) -> str:
        return f"/once/{self.kwargs['pk']}/edit/"


def landing(request: HttpRequest, year: int) -> HttpResponse:
    return HttpResponse(str(year), content_type="text/plain")


urlpatterns = [
    path("once/add/", Adding.as_view()),
    path("once/<int:pk>/edit/", Editing.as_view()),
    path("once/<int:pk>/press/", Pressing.as_view()),
    path("once/<int:year>/", landing),
    *urls.urlpatterns,
]


@pytest.fixture(autouse=True)
def _these_doors(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def desk(sign_in: Any, staff: User) -> Any:
    return sign_in(staff)


@pytest.fixture
def cohort(staff: User) -> Cohort:
    return factories.make_cohort(staff, 2562)


def rows() -> list[tuple[Any, ...]]:
    return list(Cohort.objects.order_by("year").values_list("year", "about_th", "version"))


def typed(page: Any, name: str) -> str:
    """What stands in a text area or a hidden field of the page."""
    html = page.content.decode()
    found = re.search(rf'<textarea name="{name}"[^>]*>\s*(.*?)</textarea>', html, re.DOTALL) or re.search(
        rf'<input type="hidden" name="{name}" value="([^"]*)"', html
    )
    assert found, f"no {name} on the page"
    return found[1]


# --- first_time ------------------------------------------------------------------------------------------------------
def test_a_key_is_claimed_once_by_each_person(staff: User, other_staff: User) -> None:
    once = first_time(staff, "key", "digest")
    once.answer = {"to": "/here/"}
    once.save()
    for digest, same in (("digest", True), ("another", False)):
        with pytest.raises(SentBefore) as before:
            first_time(staff, "key", digest)
        assert (before.value.answer, before.value.same) == ({"to": "/here/"}, same)
    first_time(other_staff, "key", "digest")
    first_time(staff, "another", "digest")
    assert Once.objects.count() == 3


def test_a_claim_goes_with_its_transaction(staff: User) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        first_time(staff, "key", "digest")
        raise ZeroDivisionError
    assert first_time(staff, "key", "digest").pk == Once.objects.get().pk


def test_the_digest_is_of_what_was_typed_and_where(rf: Any) -> None:
    def digest(address: str = "/a/", **answers: Any) -> str:
        return digest_of(rf.post(address, {"text": "ก", **answers}))

    same = {digest(), digest(form_key="1"), digest(version="2"), digest(csrfmiddlewaretoken="3")}
    other = {digest("/b/"), digest(text="ข"), digest(text=["ก", "ก"]), digest(more="")}
    assert (len(same), len(other), same & other) == (1, 4, set())


# --- one form ---------------------------------------------------------------------------------------------------------
def test_a_form_sent_twice_is_carried_out_once_and_leads_to_the_same_page(desk: Any) -> None:
    answers = {"year": "2562", "about_th": "ปีแรก", "form_key": "abc"}
    first, second = desk.post("/once/add/", answers), desk.post("/once/add/", answers)
    assert [(r.status_code, r.headers["Location"]) for r in (first, second)] == [(302, "/once/2562/")] * 2
    assert (rows(), Cohort.history.count(), Once.objects.count()) == ([(2562, "ปีแรก", 1)], 1, 1)


def test_a_form_sent_again_with_other_answers_keeps_them_on_the_page(desk: Any) -> None:
    desk.post("/once/add/", {"year": "2562", "about_th": "ปีแรก", "form_key": "abc"})
    page = desk.post("/once/add/", {"year": "2563", "about_th": "ปีที่สอง", "form_key": "abc"})
    assert (page.status_code, typed(page, "about_th"), "/once/2562/" in page.content.decode()) == (409, "ปีที่สอง", True)
    assert rows() == [(2562, "ปีแรก", 1)]
    again = {"year": "2563", "about_th": "ปีที่สอง", "form_key": typed(page, "form_key")}
    assert desk.post("/once/add/", again).status_code == 302
    assert rows() == [(2562, "ปีแรก", 1), (2563, "ปีที่สอง", 1)]


def test_two_people_with_the_same_key_do_not_meet(desk: Any, other_staff: User) -> None:
    desk.post("/once/add/", {"year": "2562", "form_key": "abc"})
    desk.force_login(other_staff)
    assert desk.post("/once/add/", {"year": "2563", "form_key": "abc"}).headers["Location"] == "/once/2563/"
    assert [row[0] for row in rows()] == [2562, 2563]


@pytest.mark.parametrize("key", ["", "\0", "k" * 500, "ก" * 64, "\0abc"])
def test_a_strange_key_is_no_error(key: str, desk: Any) -> None:
    assert desk.post("/once/add/", {"year": "2562", "form_key": key}).status_code == 302
    assert [row[0] for row in rows()] == [2562]


def test_every_page_has_a_key_of_its_own(desk: Any) -> None:
    assert len({typed(desk.get("/once/add/"), "form_key") for _ in range(3)}) == 3


def test_a_form_that_is_done_says_so_once(desk: Any) -> None:
    answers = {"year": "2562", "form_key": "abc"}
    desk.post("/once/add/", answers)
    desk.post("/once/add/", answers)
    pages = [desk.get("/once/add/").content.decode().count("Saved.") for _ in range(2)]
    assert pages == [1, 0]


# --- refused ---------------------------------------------------------------------------------------------------------
def test_a_refused_form_keeps_what_was_typed_and_may_be_sent_again_with_the_same_key(desk: Any) -> None:
    page = desk.post("/once/add/", {"year": "1999", "about_th": "ปี <แรก>", "form_key": "abc"})
    assert (page.status_code, typed(page, "about_th"), rows()) == (400, "ปี &lt;แรก&gt;", [])
    assert list(page.context["form"].errors) == ["year"]
    assert (Once.objects.count(), desk.post("/once/add/", {"year": "2562", "form_key": "abc"}).status_code) == (0, 302)


@pytest.mark.parametrize(
    ("text", "where"), [("at a field", "about_th"), ("elsewhere", "__all__"), ("on top", "__all__")]
)
def test_what_a_rule_refuses_stands_at_its_field_or_on_top_and_frees_the_key(text: str, where: str, desk: Any) -> None:
    page = desk.post("/once/add/", {"year": "2562", "about_th": text, "form_key": "abc"})
    assert (page.status_code, list(page.context["form"].errors), typed(page, "about_th")) == (400, [where], text)
    assert (rows(), Once.objects.count()) == ([], 0)
    desk.post("/once/add/", {"year": "2562", "about_th": "ปีแรก", "form_key": "abc"})
    assert rows() == [(2562, "ปีแรก", 1)]


def test_what_only_the_database_knows_stands_at_its_field(desk: Any, cohort: Cohort) -> None:
    page = desk.post("/once/add/", {"year": "2562", "about_th": "อีกครั้ง"})
    assert (page.status_code, list(page.context["form"].errors), rows()) == (400, ["year"], [(2562, "", 1)])


@pytest.mark.parametrize("person", ["stranger", "reporter", "lead"])
def test_whoever_is_not_admitted_changes_nothing(person: str, request: Any, client: Any, cohort: Cohort) -> None:
    client.force_login(request.getfixturevalue(person))
    answers = {"year": "2563", "version": "1", "form_key": "abc"}
    tried = [client.post(f"/once/{where}/", answers) for where in ("add", f"{cohort.pk}/edit", f"{cohort.pk}/press")]
    assert [page.status_code for page in tried] == [403, 403, 403]
    assert (rows(), Once.objects.count()) == ([(2562, "", 1)], 0)


# --- stale -----------------------------------------------------------------------------------------------------------
def test_a_stale_form_shows_both_versions_and_saves_once_its_owner_has_seen_them(desk: Any, cohort: Cohort) -> None:
    address = f"/once/{cohort.pk}/edit/"
    version = typed(desk.get(address), "version")
    records.edit(cohort, by=factories.make_staff(), version=1, about_th="ของเพื่อน")
    answers = {"year": "2562", "about_th": "ของฉัน", "version": version, "form_key": "abc"}
    page = desk.post(address, answers)
    assert (version, page.status_code, rows()) == ("1", 409, [(2562, "ของเพื่อน", 2)])
    assert [(row["before"], row["after"]) for row in page.context["compare"]] == [("ของเพื่อน", "ของฉัน")]
    assert (typed(page, "about_th"), typed(page, "version"), Once.objects.count()) == ("ของฉัน", "2", 0)
    again = answers | {"version": typed(page, "version"), "form_key": typed(page, "form_key")}
    assert (desk.post(address, again).status_code, rows()) == (302, [(2562, "ของฉัน", 3)])


@pytest.mark.parametrize("version", [None, "", "x", "-1", "0", "2", "1.0", "๑", "9" * 30, "\0"])
def test_a_version_that_is_missing_or_none_overwrites_nothing(version: str | None, desk: Any, cohort: Cohort) -> None:
    answers = {"year": "2562", "about_th": "ของฉัน"} | ({} if version is None else {"version": version})
    page = desk.post(f"/once/{cohort.pk}/edit/", answers)
    assert (page.status_code, typed(page, "version"), rows()) == (409, "1", [(2562, "", 1)])


def test_a_refused_edit_keeps_the_version_it_was_opened_with(desk: Any, cohort: Cohort) -> None:
    records.edit(cohort, by=factories.make_staff(), version=1, about_th="ของเพื่อน")
    page = desk.post(f"/once/{cohort.pk}/edit/", {"year": "1999", "about_th": "ของฉัน", "version": "1"})
    assert (page.status_code, typed(page, "version")) == (400, "1")  # so that the next sending is still found stale


def test_an_edit_sent_twice_is_one_edit_and_not_stale(desk: Any, cohort: Cohort) -> None:
    answers = {"year": "2562", "about_th": "ของฉัน", "version": "1", "form_key": "abc"}
    sent = [desk.post(f"/once/{cohort.pk}/edit/", answers).status_code for _ in range(2)]
    assert (sent, rows()) == ([302, 302], [(2562, "ของฉัน", 2)])


# --- buttons ---------------------------------------------------------------------------------------------------------
def test_a_button_pressed_twice_is_pressed_once(desk: Any, cohort: Cohort) -> None:
    address = f"/once/{cohort.pk}/press/"
    pressed = [desk.post(address, {"form_key": key}).headers["Location"] for key in ("abc", "abc", "def")]
    assert (pressed, rows()) == (["/once/2562/"] * 3, [(2562, "++", 3)])


def test_a_button_is_not_pressed_by_looking(desk: Any, cohort: Cohort) -> None:
    assert [desk.get(f"/once/{cohort.pk}/press/").status_code, rows()] == [405, [(2562, "", 1)]]


def test_what_a_button_refuses_stands_on_the_page_it_came_from(desk: Any, cohort: Cohort) -> None:
    page = desk.post(f"/once/{cohort.pk}/press/", {"no": "1", "form_key": "abc"}, follow=True)
    html = page.content.decode()
    assert page.redirect_chain == [(f"/once/{cohort.pk}/edit/", 302)]
    assert (html.count("Not now."), html.count("And not like this."), html.count("Pressed.")) == (1, 1, 0)
    assert (rows(), Once.objects.count()) == ([(2562, "", 1)], 0)


def test_a_stale_button_says_so_and_does_nothing(desk: Any, cohort: Cohort) -> None:
    page = desk.post(f"/once/{cohort.pk}/press/", {"version": "0", "form_key": "abc"})
    assert (page.headers["Location"], rows(), Once.objects.count()) == (f"/once/{cohort.pk}/edit/", [(2562, "", 1)], 0)


# --- signed out while typing -----------------------------------------------------------------------------------------
def test_a_form_of_somebody_signed_out_is_held_and_sent_again_whole(client: Any, staff: User) -> None:
    answers = {"year": "2562", "about_th": "บรรทัด\r\nหนึ่ง <b>", "form_key": "abc"}
    page = client.post("/once/add/", answers)
    assert (page.status_code, rows(), typed(page, "form_key")) == (401, [], "abc")
    assert (typed(page, "year"), typed(page, "about_th")) == ("2562", "บรรทัด\r\nหนึ่ง &lt;b&gt;")
    client.force_login(staff)
    assert (client.post("/once/add/", answers).status_code, rows()) == (302, [(2562, "บรรทัด\r\nหนึ่ง <b>", 1)])
