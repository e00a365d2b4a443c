"""A token opens no more than its scope: every operation of the API, by every scope, in one table."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from agencies.models import ApiToken, Scope
from govlab.problems import KINDS
from projects.api.docs import description
from tests import factories
from tests.api.problems import problem_of

REPORTING = {
    *("POST /updates/", "PATCH /updates/{id}/", "DELETE /updates/{id}/"),
    *(f"POST /updates/{{id}}/{verb}/" for verb in ("submit", "withdraw", "pass-on", "hand-back")),
    *(f"POST /updates/{{id}}/{verb}/" for verb in ("evidence", "comments")),
    *("POST /links/", "POST /links/{id}/revoke/"),
    *(f"POST /assignments/{{id}}/{verb}/" for verb in ("answer", "ask-time", "contest")),
}
"""What a program that reports for an agency may do; everything else that writes needs a token for everything."""


def operations() -> list[str]:
    return [
        f"{verb.upper()} {path.removeprefix('/api/v1')}"
        for path, verbs in description("en")["paths"].items()
        for verb in verbs
    ]


def needed(operation: str) -> str:
    if operation.startswith("GET "):
        return "read"
    return "report" if operation in REPORTING else "everything"


def refused_for_scope(api: APIClient, operation: str) -> bool:
    """Whether it was the token that was too small, not the person or the answer."""
    verb, path = operation.split()
    for name in ("{id}", "{key}", "{code}", "{year}", "{table}", "{pk}", "{kind}", "{record}", "{number}", "{ending}"):
        path = path.replace(name, {"{table}": "labs", "{kind}": "project"}.get(name, "1"))
    answer = getattr(api, verb.lower())(f"/api/v1{path}", headers={"accept-language": "en"})
    return answer.status_code == 403 and "opens “" in problem_of(answer)["detail"]


@pytest.mark.parametrize("who", ["reporter", "staff"])
def test_every_operation_asks_for_its_scope(who: str, call: Any, request: Any, project: Any) -> None:
    person = request.getfixturevalue(who)
    reach = {"read": ["read"], "report": ["read", "report"], "everything": ["read", "report", "everything"]}
    for scope, opened in reach.items():
        api = call(person, scope)
        for operation in operations():
            assert refused_for_scope(api, operation) == (needed(operation) not in opened), (scope, operation)


def test_the_schema_names_the_scope_of_every_operation() -> None:
    told = {
        f"{verb.upper()} {path.removeprefix('/api/v1')}": [each["token"] for each in said["security"] if each]
        for path, verbs in description("en")["paths"].items()
        for verb, said in verbs.items()
    }
    assert told == {operation: [[needed(operation)]] for operation in operations()}


def test_a_small_token_leaves_everything_as_it_was(call: Any, reporter: Any, project: Any) -> None:
    update = factories.make_update(reporter, project)
    api = call(reporter, "read")
    answer = api.post(f"/api/v1/updates/{update.pk}/submit/")
    assert (answer.status_code, problem_of(answer)["title"]) == (403, str(KINDS[403].title))
    update.refresh_from_db()
    assert (update.state, update.version) == ("draft", 1)
    assert api.get(f"/api/v1/updates/{update.pk}/").json()["id"] == update.pk
    assert call(reporter, "report").post(f"/api/v1/updates/{update.pk}/submit/").status_code == 200


def test_a_token_without_a_word_opens_everything_as_those_from_before_do() -> None:
    assert ApiToken._meta.get_field("scope").default == Scope.EVERYTHING
