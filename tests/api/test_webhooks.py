"""Webhooks by token: all that staff do on their pages, by the same rules; the secret is told once, kept nowhere."""

import json
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from agencies.models import Scope
from govlab import calling
from govlab.models import Once
from projects.exchange import opendata
from projects.models import Delivery, DeliveryState, Webhook
from projects.rules import webhooks
from tests.api.problems import errors_of, problem_of
from tests.exchange.test_unseen_data import told_of
from tests.receiver import PUBLIC

LIST, LOG = "/api/v1/webhooks/", "/api/v1/deliveries/"
SENT = {"name": "ศูนย์ข้อมูล", "address": "https://data.test/hook", "kinds": ["call.closed", "project.hidden"]}


@pytest.fixture(autouse=True)
def asked(monkeypatch: Any) -> list[tuple[str, int]]:
    """A network in which every name is public but one; which names were asked for, in how many transactions."""
    found: list[tuple[str, int]] = []
    database = connections["default"]  # of this thread: names are looked up in another one

    def lookup(host: str, port: int) -> list[str]:
        found.append((host, len(database.savepoint_ids)))
        return ["10.0.0.1"] if host == "inside.test" else [PUBLIC]

    monkeypatch.setattr(calling, "lookup", lookup)
    monkeypatch.setattr(calling, "is_own", lambda address: False)
    return found


@pytest.fixture
def hook(staff: Any) -> Webhook:
    return webhooks.add(by=staff, name="ทะเบียนกลาง", address="https://hooks.test/in", kinds=["project.published"])


@pytest.fixture
def delivery(hook: Webhook, staff: Any) -> Delivery:
    row = webhooks.test(hook, by=staff)
    row.state, row.error, row.tries, row.status, row.ms = DeliveryState.GIVEN_UP, "status", 6, 500, 12
    row.body, row.tried_at = '{"type":"test"}', timezone.now()
    row.save()
    return row


def at(thing: Any, verb: str = "") -> str:
    return f"{LIST if isinstance(thing, Webhook) else LOG}{thing.pk}/{verb and f'{verb}/'}"


# --- the whole way ---------------------------------------------------------------------------------------------------
def test_a_webhook_lives_by_token_as_on_its_pages(call: Any, staff: Any) -> None:
    api = call(staff)
    made = api.post(LIST, SENT)
    hook = Webhook.objects.get()
    assert (made.status_code, made["Location"], made["ETag"]) == (201, f"http://testserver{at(hook)}", '"1"')
    assert made.json() == {
        "id": hook.pk,
        "name": "ศูนย์ข้อมูล",
        "address": "https://data.test/hook",
        "kinds": ["project.hidden", "call.closed"],
        "active": True,
        "active_since": timezone.localtime(hook.active_since).isoformat(),
        "demo": False,
        "version": 1,
        "failing_since": None,
        "secret": hook.secret,
    }
    changed = api.patch(at(hook), {"name": "ศูนย์ข้อมูลกลาง"}, headers={"if-match": made["ETag"]})
    assert (changed.status_code, changed.json()["name"], changed.json()["version"]) == (200, "ศูนย์ข้อมูลกลาง", 2)
    states = [api.post(at(hook, verb)).json()["active"] for verb in ("pause", "pause", "resume")]
    assert states == [False, False, True]
    assert api.post(at(hook, "test")).status_code == 200
    assert [(row["kind"], row["state"]) for row in api.get(LOG).json()["results"]] == [("test", "waiting")]
    old = hook.secret
    renewed = api.post(at(hook, "renew"))
    hook.refresh_from_db()
    assert (renewed.json()["secret"], hook.secret != old) == (hook.secret, True)
    verbs = [*hook.history.order_by("history_id").values_list("history_change_reason", "history_user")]
    assert verbs == [(verb, staff.pk) for verb in ("add", "edit", "pause", "resume", "renew")]
    assert api.delete(at(hook)).status_code == 428
    assert api.delete(at(hook), headers={"if-match": '"1"'}).status_code == 412
    assert api.delete(at(hook), headers={"if-match": f'"{hook.version}"'}).status_code == 204
    assert (Webhook.objects.count(), Delivery.objects.count()) == (0, 0)


def test_the_log_is_narrowed_and_a_message_sent_again(call: Any, staff: Any, delivery: Delivery) -> None:
    webhooks.test(webhooks.add(by=staff, **SENT), by=staff)
    api = call(staff)
    [row] = api.get(LOG, {"webhook": delivery.webhook_id}).json()["results"]
    assert (row["id"], row["trouble"], row["steps"]) == (str(delivery.pk), "ปลายทางไม่รับข้อความ", ["again"])
    assert "body" not in row
    assert api.get(at(delivery)).json() == {**row, "body": '{"type":"test"}'}
    counts = {asked: len(api.get(f"{LOG}?{asked}").json()["results"]) for asked in ("state=given_up", "kind=test", "")}
    assert counts == {"state=given_up": 1, "kind=test": 2, "": 2}
    assert list(errors_of(api.get(f"{LOG}?state=lost&webhook=987"))) == ["webhook", "state"]
    again = api.post(at(delivery, "again"))
    assert (again.status_code, again.json()["state"], again.json()["steps"]) == (200, "waiting", [])
    assert api.post(at(delivery, "again")).status_code == 400  # as on the page: it is on its way already


def test_a_webhook_to_which_nothing_arrives_says_so(call: Any, staff: Any, hook: Webhook) -> None:
    now = timezone.now()
    times = dict.fromkeys(("happened_at", "next_try_at", "created_at", "first_tried_at", "tried_at"), now)
    Delivery.objects.create(webhook=hook, kind="project.hidden", state="failed", tries=1, error="silent", **times)
    assert call(staff).get(at(hook)).json()["failing_since"] == timezone.localtime(now).isoformat()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_the_same_of_the_database(
    call: Any, staff: Any, hook: Webhook, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        webhooks.test(webhooks.add(by=staff, **{**SENT, "name": f"{number}"}), by=staff)
    api = call(staff)
    for path in (LIST, LOG):
        api.get(path)
        with django_assert_num_queries(3):  # the token with its person, how many, the rows
            api.get(path)


# --- the secret ------------------------------------------------------------------------------------------------------
def test_the_secret_stands_in_the_first_answer_alone(call: Any, staff: Any) -> None:
    api = call(staff)
    first, second = (api.post(LIST, SENT, headers={"idempotency-key": "one"}) for _ in range(2))
    hook = Webhook.objects.get()
    assert (first.json()["secret"], second.status_code) == (hook.secret, 201)
    assert second.json() == {name: value for name, value in first.json().items() if name != "secret"}
    renewed, repeated = (api.post(at(hook, "renew"), headers={"idempotency-key": "two"}) for _ in range(2))
    hook.refresh_from_db()
    assert (renewed.json()["secret"], "secret" in repeated.json(), hook.turn) == (hook.secret, False, 2)
    assert api.post(at(hook, "pause")).json().keys() == repeated.json().keys()
    assert "whsec_" not in json.dumps([*Once.objects.values_list("answer", flat=True)])


def test_the_secret_is_in_no_list_no_history_and_no_open_data(call: Any, staff: Any, client: Any) -> None:
    api = call(staff)
    secrets = [api.post(LIST, SENT).json()["secret"]]
    hook = Webhook.objects.get()
    secrets += [api.post(at(hook, "renew")).json()["secret"], str(hook.seed), hook.seed.hex]
    api.post(at(hook, "test"))
    read = [
        *(api.get(path) for path in (LIST, at(hook), LOG, at(Delivery.objects.get()))),
        *(api.get(f"/api/v1/history/webhook/{hook.pk}/{more}") for more in ("", f"{hook.history.first().pk}/")),
        *(api.get(f"{path}?fields=secret") for path in (LIST, at(hook))),
    ]
    told = [answer.content.decode() for answer in read]
    assert [answer.status_code for answer in read] == [*[200] * 6, 400, 400]
    told += [text for _name, text in told_of(opendata.make(), client)]
    assert [(secret, text) for secret in [*secrets, "whsec_"] for text in told if secret in text] == []


# --- refusals --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"address": "https://inside.test/"}, ["address"]),
        ({"address": "https://127.1/"}, ["address"]),
        ({"address": "http://hooks.test/"}, ["address"]),
        ({"address": ""}, ["address"]),
        ({"address": None}, ["address"]),
        ({"address": 7}, ["address"]),
        ({"address": "https://a\0.test/"}, ["address"]),
        ({"kinds": []}, ["kinds"]),
        ({"kinds": "project.hidden"}, ["kinds"]),
        ({"kinds": ["x"]}, ["kinds.0"]),
        ({"name": ""}, ["name"]),
        ({"name": "", "address": "https://inside.test/"}, ["name"]),
    ],
    ids=str,
)
def test_a_bad_answer_is_a_sentence_at_its_field(call: Any, staff: Any, hook: Webhook, wrong: Any, fields: Any) -> None:
    api = call(staff)
    assert list(errors_of(api.post(LIST, {**SENT, **wrong}))) == fields
    assert list(errors_of(api.patch(at(hook), wrong, headers={"if-match": '"1"'}))) == fields
    assert Webhook.objects.values_list("name", "version").get() == ("ทะเบียนกลาง", 1)


def test_both_doors_refuse_an_address_with_the_same_sentence(call: Any, staff: Any, sign_in: Any) -> None:
    for address in ("https://inside.test/", "http://hooks.test/", "https://[::1]/", "https://hooks.test:99999/"):
        page = sign_in(staff).post("/desk/webhooks/add/", {**SENT, "address": address})
        answer = call(staff).post(LIST, {**SENT, "address": address})
        assert errors_of(answer) == {"address": page.context["form"].errors["address"]}, address


def test_the_network_is_asked_for_staff_alone_without_a_lock_and_for_what_changes(
    call: Any, staff: Any, reporter: Any, hook: Webhook, asked: Any
) -> None:
    outside = len(connections["default"].savepoint_ids)
    for api in (call(), call(reporter), call(staff, Scope.READ)):
        api.post(LIST, SENT)
        api.patch(at(hook), SENT, headers={"if-match": '"1"'})
    assert asked == []
    api = call(staff)
    same = {"address": hook.address, "name": "ใหม่"}
    assert api.patch(at(hook), same, headers={"if-match": '"1"'}).json()["name"] == "ใหม่"
    assert asked == []
    assert api.post(LIST, SENT, headers={"idempotency-key": "one"}).status_code == 201
    assert asked == [("data.test", outside)]


def test_a_repeated_answer_comes_also_where_the_name_is_gone_by_then(call: Any, staff: Any, monkeypatch: Any) -> None:
    api = call(staff)
    first = api.post(LIST, SENT, headers={"idempotency-key": "one"})
    monkeypatch.setattr(calling, "lookup", lambda host, port: [])
    again = api.post(LIST, SENT, headers={"idempotency-key": "one"})
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])


@pytest.mark.parametrize(("who", "scope"), [("reporter", "everything"), ("lead", "everything"), ("staff", "read")])
def test_nobody_else_writes_or_reads(
    who: str, scope: str, call: Any, request: Any, hook: Webhook, delivery: Delivery
) -> None:
    api = call(request.getfixturevalue(who), scope)
    seen = 200 if who == "staff" else 404
    assert [api.get(at(thing)).status_code for thing in (hook, delivery)] == [seen, seen]
    assert [api.get(path).json()["count"] for path in (LIST, LOG)] == ([1, 1] if who == "staff" else [0, 0])
    hidden = 403 if who == "staff" else 404
    answers = [
        api.post(LIST, SENT),
        api.patch(at(hook), {"name": "x"}, headers={"if-match": '"1"'}),
        api.delete(at(hook), headers={"if-match": '"1"'}),
        *(api.post(at(hook, verb)) for verb in ("pause", "resume", "renew", "test")),
        api.post(at(delivery, "again")),
    ]
    assert [problem_of(answer)["status"] for answer in answers] == [403, *[hidden] * 7]
    hook.refresh_from_db()
    assert (hook.version, Delivery.objects.get().state) == (1, "given_up")
