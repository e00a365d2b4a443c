"""Autosave over HTTP: what is typed is kept unsaved, comes back into its form, and goes once it is saved."""

import uuid
from typing import Any

import pytest
from django.urls import reverse

from agencies.models import User
from govlab.models import Typed
from projects.models import Answer, ProgressUpdate, Project
from projects.rules import updates
from tests.factories import make_assignment, make_indicator, make_meeting, make_update
from tests.pages import CheckedClient, Page
from tests.workspace.test_session import carried, sign_in_by_hand
from tests.workspace.test_updates import paper, typed

pytestmark = pytest.mark.django_db


def add_url(project: Project) -> str:
    return reverse("workspace:update-add", args=[project.code])


def edit_url(update: ProgressUpdate) -> str:
    return reverse("workspace:update-edit", args=[update.pk])


def autosave(client: Any, url: str, form: dict[str, Any], number: int = 1, after: int = 0) -> tuple[int, Any]:
    """What the script sends, and what it is told."""
    answer = client.post(url, form, headers={"X-Autosave": f"{number};after={after}"})
    assert answer["Content-Type"] == "application/json"
    return answer.status_code, answer.json()


def reasons(answer: tuple[int, Any]) -> tuple[int, str]:
    assert answer[1]["words"]
    return answer[0], answer[1]["reason"]


def values(response: Any, *names: str) -> list[Any]:
    form = response.context["form"]
    return [form[name].value() for name in names]


# --- kept, and not saved ----------------------------------------------------------------------------------------------
def test_what_is_typed_is_kept_without_a_record_or_a_history_row(sign_in, reporter: User, project: Project) -> None:
    before = ProgressUpdate.history.count()
    form = typed(text="ครึ่งๆ กลางๆ", happened_on="31/2/2562", csrfmiddlewaretoken="t", old_PASSWORD="ลับ")
    status, said = autosave(sign_in(reporter), add_url(project), form)
    row = Typed.objects.get()
    assert (status, sorted(said), said["turn"], said["kept"]) == (200, ["kept", "saved_at", "turn", "words"], 1, True)
    assert said["words"].startswith("บันทึกเมื่อ ")
    assert (row.user, row.path, row.base) == (reporter, add_url(project), None)
    assert row.answers["text"] == ["ครึ่งๆ กลางๆ"]
    assert not {"csrfmiddlewaretoken", "form_key", "version", "typed_turn", "old_PASSWORD"} & row.answers.keys()
    assert (ProgressUpdate.objects.count(), ProgressUpdate.history.count()) == (0, before)


def test_the_form_opens_with_it_on_any_machine_in_both_languages_and_judges_nothing(
    sign_in, reporter: User, staff: User, project: Project
) -> None:
    indicator = make_indicator(staff, project)
    number = f"reading_{indicator.pk}"
    form = typed(text="ค้างไว้ <b>", happened_on="31/2/2562", release="on", **{number: "N/A", f"{number}_why": "รอผล"})
    autosave(sign_in(reporter), "/en" + add_url(project), form)
    for start in ("", "/en"):
        page = sign_in(reporter).get(start + add_url(project))
        assert values(page, "text", "happened_on", "release", "stage_number") == ["ค้างไว้ <b>", "31/2/2562", True, "2"]
        assert values(page, number)[0][:2] == ("N/A", "รอผล")
        assert (page.status_code, page.context["form"].is_bound, page.context["form"].errors) == (200, False, {})
        fields = Page(page.content.decode(), "").all("input")
        sent = {field.attrs["name"]: field.attrs.get("value") for field in fields if field.attrs.get("name")}
        assert (sent["typed_turn"], sent["forget_typed"], sent["happened_on"]) == ("1", "1", "31/2/2562")
        assert 'id="typed-before"' in page.content.decode()


def test_what_was_unticked_stays_unticked_and_what_was_not_asked_keeps_its_own(
    sign_in, reporter: User, project: Project
) -> None:
    update = make_update(reporter, project, attach=[], title="เดิม")
    autosave(sign_in(reporter), edit_url(update), {"text": "ใหม่", "version": update.version})
    page = sign_in(reporter).get(edit_url(update))
    assert values(page, "title", "text", "release") == ["เดิม", "ใหม่", False]


def test_files_that_were_sent_already_come_back(sign_in, reporter: User, project: Project) -> None:
    sent = sign_in(reporter).post(add_url(project), typed(happened_on="x", attach=[paper()]))
    [(token, _file)] = sent.context["form"].fields["attach"].widget.kept
    autosave(sign_in(reporter), add_url(project), typed(**{"attach-kept": [token, "no-such-file"]}))
    page = sign_in(reporter).get(add_url(project))
    [(again, file)] = page.context["form"].fields["attach"].widget.kept
    assert (file.name, page.context["autosave"]["lost"]) == ("แบบสัมภาษณ์.pdf", 1)
    assert again in carried_boxes(page)


def carried_boxes(page: Any) -> list[str]:
    return [field.attrs["value"] for field in Page(page.content.decode(), "").all("input") if "checked" in field.attrs]


def test_a_file_itself_is_not_kept(sign_in, reporter: User, project: Project) -> None:
    status, _said = autosave(sign_in(reporter), add_url(project), typed(attach=[paper()]))
    assert (status, "attach" in Typed.objects.get().answers) == (200, False)


# --- nobody else's ----------------------------------------------------------------------------------------------------
def test_nobody_else_sees_it(client: CheckedClient, reporter, lead, staff, stranger, project: Project) -> None:
    update = make_update(reporter, project)
    client.force_login(reporter)
    for url in (add_url(project), edit_url(update)):
        autosave(client, url, typed(text="ยังไม่บอกใคร", version=update.version))
    detail = reverse("workspace:update-detail", args=[update.pk])
    seen = []
    for person in (lead, staff, stranger):
        client.force_login(person)
        for url in (add_url(project), edit_url(update), detail, "/workspace/", "/desk/", "/desk/history/"):
            seen.append("ยังไม่บอกใคร" in client.get(url, follow=True).content.decode())
    assert seen == [False] * 18


@pytest.mark.parametrize(
    ("person", "state", "told"),
    [
        ("stranger", "draft", (404, "gone")),
        ("stranger", "approved", (403, "refused")),  # which everybody may read
        ("reporter", "removed", (404, "gone")),
        (None, "draft", (401, "signed_out")),
    ],
)
def test_who_may_not_write_here_is_told_and_nothing_is_kept(
    person: str | None,
    state: str,
    told: tuple[int, str],
    request: Any,
    client: CheckedClient,
    reporter: User,
    staff: User,
    project: Project,
) -> None:
    update = make_update(reporter, project, "draft" if state == "removed" else state, staff)
    if state == "removed":
        ProgressUpdate.objects.filter(pk=update.pk).delete()
    if person:
        client.force_login(request.getfixturevalue(person))
    assert reasons(autosave(client, edit_url(update), typed())) == told
    assert not Typed.objects.exists()


def test_a_page_that_asks_for_a_new_token_while_signed_out_is_told_so(client: CheckedClient, project: Project) -> None:
    answer = client.get(add_url(project), headers={"X-Autosave": "token"})
    assert (answer.status_code, answer.json()["reason"]) == (401, "signed_out")


def test_an_old_token_is_named_as_the_reason_and_a_new_one_is_taken(reporter: User, project: Project) -> None:
    client = CheckedClient(enforce_csrf_checks=True)
    sign_in_by_hand(client, reporter)
    form = carried(client.get(add_url(project))) | {"text": "ค้าง"}
    client.logout()
    sign_in_by_hand(client, reporter)
    assert reasons(autosave(client, add_url(project), form)) == (403, "token")
    page = client.get(add_url(project), headers={"X-Autosave": "token"})
    form["csrfmiddlewaretoken"] = carried(page)["csrfmiddlewaretoken"]
    assert autosave(client, add_url(project), form)[0] == 200


@pytest.mark.parametrize("turn", ["", "1", "x;after=0", "1;after=", "-1;after=0", "9999999999;after=0", "๑;after=๐"])
def test_a_turn_that_is_none_is_refused(sign_in, reporter: User, project: Project, turn: str) -> None:
    answer = sign_in(reporter).post(add_url(project), typed(), headers={"X-Autosave": turn})
    assert (answer.status_code, answer.json()["reason"], Typed.objects.count()) == (400, "unclear", 0)


def test_more_than_a_form_holds_is_refused_with_a_sentence(sign_in, reporter: User, project: Project) -> None:
    answer = autosave(sign_in(reporter), add_url(project), typed(text="ก" * 70_000))
    assert (reasons(answer), Typed.objects.count()) == ((413, "too_much"), 0)


def test_a_form_that_does_not_autosave_keeps_nothing(sign_in, reporter: User, staff: User) -> None:
    answer = sign_in(staff).post(reverse("desk:cohort-add"), {"year": "x"}, headers={"X-Autosave": "1;after=0"})
    assert (answer.status_code, Typed.objects.count()) == (400, 0)
    assert "data-autosave" not in answer.content.decode()


# --- two tabs ---------------------------------------------------------------------------------------------------------
def test_the_second_tab_is_told_and_may_choose_its_own_text(sign_in, reporter: User, project: Project) -> None:
    client, url = sign_in(reporter), add_url(project)
    one, two = typed(text="แท็บแรก"), typed(text="แท็บที่สอง")
    autosave(client, url, one, 1)
    answer = autosave(client, url, two, 1)
    assert (reasons(answer), answer[1]["turn"]) == ((409, "elsewhere"), 1)
    assert Typed.objects.get().answers["text"] == ["แท็บแรก"]
    assert autosave(client, url, two, 2, after=1)[0] == 200
    assert reasons(autosave(client, url, one, 2, after=1)) == (409, "elsewhere")


def test_an_overtaken_request_is_told_that_it_was_not_needed(sign_in, reporter: User, project: Project) -> None:
    client, form = sign_in(reporter), typed()
    autosave(client, add_url(project), form, 2)
    status, said = autosave(client, add_url(project), {**form, "text": "เก่ากว่า"}, 1)
    assert (status, said["turn"], said["kept"]) == (200, 2, False)


# --- saved or thrown away ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("verb", ["draft", "submit"])
def test_saving_it_removes_what_was_kept_and_a_late_request_does_not_bring_it_back(
    sign_in, reporter: User, project: Project, verb: str
) -> None:
    client, form = sign_in(reporter), typed(verb)
    autosave(client, add_url(project), form)
    assert client.post(add_url(project), form).status_code == 302
    assert not Typed.objects.exists()
    assert reasons(autosave(client, add_url(project), form, 2)) == (409, "sent")
    assert not Typed.objects.exists()
    page = client.get(add_url(project))
    assert (page.context["autosave"]["turn"], "since" in page.context["autosave"]) == (0, False)


def test_the_page_that_says_it_is_saved_names_the_form(sign_in, reporter: User, project: Project) -> None:
    form = typed()
    page = sign_in(reporter).post(add_url(project), form, follow=True)
    assert f'data-sent-form="{form["form_key"]}"' in page.content.decode()


def test_without_a_script_what_was_brought_back_goes_once_it_is_saved(
    sign_in, reporter: User, project: Project
) -> None:
    client = sign_in(reporter)
    autosave(client, add_url(project), typed(), 3)
    tokens = carried(client.get(add_url(project)))
    assert tokens["typed_turn"] == ["3"]
    assert client.post(add_url(project), {**typed(), **tokens}).status_code == 302
    assert not Typed.objects.exists()


def test_saving_an_older_tab_leaves_the_newer_text_where_it_is(sign_in, reporter: User, project: Project) -> None:
    client = sign_in(reporter)
    autosave(client, add_url(project), typed(text="ใหม่กว่า"), 5)
    assert client.post(add_url(project), typed(text="แท็บเก่า", typed_turn="4")).status_code == 302
    assert Typed.objects.get().answers["text"] == ["ใหม่กว่า"]


def test_a_refused_form_keeps_what_was_kept(sign_in, reporter: User, project: Project) -> None:
    client, form = sign_in(reporter), typed("submit", title="")
    autosave(client, add_url(project), form)
    page = client.post(add_url(project), form)
    assert (page.status_code, Typed.objects.count()) == (400, 1)
    assert (page.context["autosave"]["turn"], page.context["autosave"]["was"]) == (1, form["form_key"])
    assert page.context["form"].is_bound


def test_a_failed_saving_keeps_what_was_kept(
    client: CheckedClient, reporter: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    client.force_login(reporter)
    form = typed()
    autosave(client, add_url(project), form)
    monkeypatch.setattr("projects.workspace.updates.UpdateAsking.next_page", lambda *_: 1 / 0)
    assert client.post(add_url(project), form).status_code == 500
    assert (Typed.objects.count(), ProgressUpdate.objects.count()) == (1, 0)


def test_it_can_be_thrown_away(sign_in, reporter: User, project: Project) -> None:
    client = sign_in(reporter)
    autosave(client, add_url(project), typed(text="ไม่เอาแล้ว"))
    page = client.post(add_url(project), {"forget_typed": "1"}, follow=True)
    assert page.redirect_chain == [(add_url(project), 302)]
    assert (Typed.objects.count(), "ไม่เอาแล้ว" in page.content.decode()) == (0, False)


@pytest.mark.parametrize("seen", ["0", "", "x", "๑", "-1"])
def test_what_is_newer_than_the_page_is_not_thrown_away(sign_in, reporter: User, project: Project, seen: str) -> None:
    autosave(sign_in(reporter), add_url(project), typed())
    sign_in(reporter).post(add_url(project), {"forget_typed": seen})
    assert Typed.objects.count() == 1


# --- the record moved on ----------------------------------------------------------------------------------------------
def test_a_record_that_moved_on_meanwhile_is_not_overwritten_by_what_was_typed_before(
    sign_in, reporter: User, lead: User, project: Project
) -> None:
    update = make_update(reporter, project)
    autosave(sign_in(reporter), edit_url(update), typed(text="ของผู้รายงาน", version=update.version))
    old = update.version
    updates.edit(update, by=lead, version=old, text="ของหัวหน้า")
    page = sign_in(reporter).get(edit_url(update))
    assert (page.context["version"], page.context["autosave"]["moved"]) == (old, True)
    form = typed(text="ของผู้รายงาน", version=page.context["version"], form_key=uuid.uuid4().hex)
    compared = sign_in(reporter).post(edit_url(update), form)
    assert (compared.status_code, Typed.objects.count()) == (409, 1)
    update.refresh_from_db()
    assert update.text == "ของหัวหน้า"


def test_what_was_typed_into_a_form_that_is_closed_now_can_still_be_copied_or_thrown_away(
    sign_in, reporter: User, lead: User, project: Project
) -> None:
    update = make_update(reporter, project)
    client = sign_in(reporter)
    autosave(client, edit_url(update), typed(text="ยังไม่ได้ส่งไปด้วย", version=update.version))
    updates.submit(update, by=lead)
    page = client.get(edit_url(update))
    assert (page.status_code, "ยังไม่ได้ส่งไปด้วย</textarea>" in page.content.decode()) == (200, True)
    client.post(edit_url(update), {"forget_typed": carried(page)["forget_typed"]})
    assert client.get(edit_url(update)).url == reverse("workspace:update-detail", args=[update.pk])


@pytest.mark.parametrize("start", ["", "/en"])
def test_an_update_is_not_sent_past_what_its_person_typed_and_did_not_save(
    sign_in, reporter: User, lead: User, project: Project, start: str
) -> None:
    update = make_update(reporter, project)
    autosave(sign_in(reporter), edit_url(update), typed(text="ข้อความใหม่", version=update.version))
    submit = start + reverse("workspace:update-submit", args=[update.pk])
    page = sign_in(reporter).post(submit, {"version": update.version, "form_key": "k"}, follow=True)
    assert page.redirect_chain == [(start + edit_url(update), 302)]
    assert ("ข้อความใหม่" in page.content.decode(), 'role="alert"' in page.content.decode()) == (True, True)
    sign_in(lead).post(submit, {"version": update.version, "form_key": "k"})  # a colleague sees nothing of it
    update.refresh_from_db()
    assert update.state == "submitted"


# --- the answer to an assignment --------------------------------------------------------------------------------------
def test_an_answer_to_an_assignment_is_kept_and_goes_once_it_is_sent(sign_in, reporter, staff, agency) -> None:
    assignment = make_assignment(staff, agency, meeting=make_meeting(staff))
    url = reverse("workspace:assignment-detail", args=[assignment.pk])
    form = {"text": "กำลังเขียน", "form_key": "k", "version": assignment.version}
    assert autosave(sign_in(reporter), url, form)[0] == 200
    page = sign_in(reporter).get(url)
    assert values(page, "text") == ["กำลังเขียน"]
    assert "data-autosave" in page.content.decode()
    assert sign_in(reporter).post(url, form).status_code == 302
    assert (Answer.objects.get().text, Typed.objects.count()) == ("กำลังเขียน", 0)


def test_a_form_that_is_held_carries_the_turn_on(client: CheckedClient, project: Project) -> None:
    held = client.post(add_url(project), typed(typed_turn="3"))
    assert (held.status_code, carried(held)["typed_turn"]) == (401, ["3"])
