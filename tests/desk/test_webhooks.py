"""Webhooks on the desk: kept, tried, looked at; the secret shows once."""

import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from govlab import calling
from projects.models import Delivery, Told, Webhook
from projects.rules import webhooks
from tests.receiver import PUBLIC

LIST = "/desk/webhooks/"


@pytest.fixture
def desk(sign_in: Any, staff: Any) -> Any:
    return sign_in(staff)


@pytest.fixture(autouse=True)
def _network(monkeypatch: Any) -> None:
    """A network in which every name is public but one."""
    monkeypatch.setattr(calling, "lookup", lambda host, port: ["10.0.0.1"] if host == "inside.test" else [PUBLIC])
    monkeypatch.setattr(calling, "is_own", lambda address: False)


@pytest.fixture
def hook(staff: Any) -> Webhook:
    return webhooks.add(by=staff, name="ทะเบียนกลาง", address="https://hooks.test/in", kinds=Told.values)


@pytest.fixture
def delivery(hook: Webhook, staff: Any) -> Delivery:
    row = webhooks.test(hook, by=staff)
    row.state, row.error, row.tries, row.status, row.ms = "given_up", "status", 6, 500, 12
    row.body, row.tried_at = '{"type":"test","data":{"message":"<b>"}}', timezone.now()
    row.save()
    return row


def at(verb: str, thing: Any) -> str:
    noun = "webhook" if isinstance(thing, Webhook) else "delivery"
    return reverse(f"desk:{noun}-{verb}", args=[thing.pk])


def answers_of(**changes: Any) -> dict[str, Any]:
    answers = {"name": "ศูนย์ข้อมูล", "address": "https://data.test/hook", "kinds": ["project.hidden", "call.closed"]}
    return {**answers, "form_key": uuid.uuid4().hex, **changes}


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_stands_in_both_languages(desk: Any, delivery: Delivery, prefix: str) -> None:
    hook = delivery.webhook
    own = [at(verb, hook) for verb in ("detail", "edit", "renew", "remove")]
    pages = [LIST, f"{LIST}add/", *own, f"{own[0]}?state=given_up&kind=project.hidden", at("detail", delivery)]
    assert [desk.get(prefix + page).status_code for page in pages] == [200] * 8


def test_the_empty_list_says_what_will_be_there(desk: Any) -> None:
    assert "ยังไม่มีเว็บฮุก" in desk.get(LIST).content.decode()


def test_the_secret_shows_once_when_it_is_made(desk: Any) -> None:
    sent = answers_of()
    page = desk.post(f"{LIST}add/", sent)
    hook = Webhook.objects.get()
    assert (page.status_code, hook.secret in page.content.decode(), hook.kinds) == (
        200,
        True,
        ["project.hidden", "call.closed"],
    )
    again = desk.post(f"{LIST}add/", sent)
    assert (again.status_code, again["Location"], Webhook.objects.count()) == (302, at("detail", hook), 1)
    pages = [LIST, at("detail", hook), at("edit", hook), at("renew", hook), f"/desk/history/webhook/{hook.pk}/"]
    for address in pages:
        text = desk.get(address).content.decode()
        assert (hook.secret in text, str(hook.seed) in text, "whsec_" in text) == (False, False, False)


def test_a_renewed_secret_shows_once_too(desk: Any, hook: Webhook) -> None:
    old, sent = hook.secret, {"form_key": uuid.uuid4().hex}
    page = desk.post(at("renew", hook), sent).content.decode()
    hook.refresh_from_db()
    assert (hook.secret != old, hook.secret in page, old in page) == (True, True, False)
    assert (desk.post(at("renew", hook), sent)["Location"], hook.history.count()) == (at("detail", hook), 2)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"address": "https://inside.test/"}, "address"),
        ({"address": "https://127.1/"}, "address"),
        ({"address": "http://hooks.test/"}, "address"),
        ({"address": ""}, "address"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["x"]}, "kinds"),
        ({"name": ""}, "name"),
    ],
    ids=str,
)
def test_a_bad_answer_is_a_sentence_at_its_field(desk: Any, answers: dict[str, Any], field: str) -> None:
    page = desk.post(f"{LIST}add/", answers_of(**answers))
    assert (page.status_code, list(page.context["form"].errors), Webhook.objects.count()) == (400, [field], 0)


def test_staff_edit_pause_go_on_test_and_remove(desk: Any, hook: Webhook) -> None:
    own = at("detail", hook)
    assert desk.post(at("edit", hook), answers_of(version=1))["Location"] == own
    hook.refresh_from_db()
    assert (hook.name, hook.kinds) == ("ศูนย์ข้อมูล", ["project.hidden", "call.closed"])
    for verb, active in (("pause", False), ("resume", True)):
        assert desk.post(at(verb, hook))["Location"] == own
        hook.refresh_from_db()
        assert hook.active is active
    assert desk.post(at("test", hook))["Location"] == own
    assert Delivery.objects.get().kind == "test"
    assert desk.post(at("remove", hook), {"form_key": uuid.uuid4().hex})["Location"] == LIST
    assert Webhook.objects.count() == 0


def test_a_stale_save_keeps_both(desk: Any, staff: Any, hook: Webhook) -> None:
    webhooks.edit(hook, by=staff, version=1, name="ของเขา")
    page = desk.post(at("edit", hook), answers_of(name="ของฉัน", version=1))
    assert (page.status_code, page.context["form"]["name"].value()) == (409, "ของฉัน")


def test_what_was_given_up_stands_on_top_and_is_sent_again(desk: Any, delivery: Delivery) -> None:
    assert desk.get(LIST).context["given_up"] == 1
    page = desk.get(at("detail", delivery)).content.decode()
    assert ("ปลายทางไม่รับข้อความ" in page, "&lt;b&gt;" in page, "<b>" in page) == (True, True, False)
    assert desk.post(at("again", delivery))["Location"] == at("detail", delivery)
    delivery.refresh_from_db()
    assert (delivery.state, desk.get(LIST).context["given_up"]) == ("waiting", 0)
    assert desk.post(at("again", delivery))["Location"] == at("detail", delivery)  # a sentence, no second one


def test_a_webhook_to_which_nothing_arrives_says_so(desk: Any, hook: Webhook) -> None:
    now = timezone.now()
    times = dict.fromkeys(("happened_at", "next_try_at", "created_at", "first_tried_at", "tried_at"), now)
    Delivery.objects.create(webhook=hook, kind="project.hidden", state="failed", tries=1, error="silent", **times)
    page = desk.get(at("detail", hook))
    assert page.context["failing_since"] == now
    assert "ปลายทางไม่ได้รับข้อความใดตั้งแต่" in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_ask_the_same_of_the_database(
    desk: Any, staff: Any, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        hook = webhooks.add(by=staff, name=f"{number}", address="https://hooks.test/", kinds=Told.values)
        for _ in range(rows):
            Delivery.objects.filter(pk=webhooks.test(hook, by=staff).pk).update(tried_at=timezone.now())
    desk.get(LIST)
    with django_assert_num_queries(5):
        assert len(desk.get(LIST).context["rows"]) == rows
    with django_assert_num_queries(7):
        assert len(desk.get(at("detail", hook)).context["deliveries"]) == rows


def test_the_history_names_the_verbs_and_what_it_is_told(desk: Any, hook: Webhook, staff: Any) -> None:
    webhooks.edit(hook, by=staff, version=1, kinds=["project.hidden"])
    webhooks.renew(webhooks.resume(webhooks.pause(hook, by=staff), by=staff), by=staff)
    steps = desk.get(f"/en/desk/history/webhook/{hook.pk}/").context["steps"]
    assert [step["verb"] for step in steps] == ["Secret renewed", "Goes on", "Paused", "Changed", "Added"]
    assert "A project is taken off the public pages" in desk.get(f"/en/desk/history/webhook/{hook.pk}/").text
