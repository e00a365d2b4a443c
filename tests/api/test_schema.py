"""The API describes itself: the description is valid, complete and served without another host."""

from typing import Any

import pytest
from django.core.management import call_command
from django.urls import get_resolver

from projects.api.docs import description


def operations() -> list[tuple[str, str, Any]]:
    return [(path, verb, said) for path, verbs in description("en")["paths"].items() for verb, said in verbs.items()]


def test_the_description_is_valid_openapi(tmp_path: Any) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))


def test_it_is_openapi_3_1_and_names_the_token() -> None:
    said = description("en")
    assert said["openapi"] == "3.1.0"
    assert said["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}


def test_every_operation_has_a_summary_and_says_how_it_refuses() -> None:
    for path, verb, said in operations():
        assert said["summary"], (path, verb)
        assert {"401", "429"} <= {*said["responses"]}, (path, verb)
        if verb != "get":
            assert {"400", "403"} <= {*said["responses"]}, (path, verb)
        if "{" in path:
            assert "404" in said["responses"], (path, verb)


def test_it_holds_exactly_what_the_api_answers() -> None:
    assert sorted({f"{verb.upper()} {path.removeprefix('/api/v1/')}" for path, verb, _said in operations()}) == sorted(
        [
            *(f"GET {name}/" for name in NAMES),
            *(f"GET {name}/{{{key}}}/" for name, key in NAMES.items()),
            "GET search/",
            "POST updates/",
            "PATCH updates/{id}/",
            "DELETE updates/{id}/",
            *(f"POST updates/{{id}}/{verb}/" for verb in VERBS),
            "POST updates/approve/",
            "GET updates/{id}/comments/",
            *(f"POST due-reports/{{id}}/{verb}/" for verb in ("waive", "unwaive")),
            "POST rounds/{id}/close/",
            *(f"POST assignments/{{id}}/{verb}/" for verb in ASSIGNMENT_VERBS),
        ]
    )


VERBS = (
    *("submit", "pass-on", "hand-back", "withdraw", "open", "return", "approve", "take-back"),
    *("comments", "evidence"),
)
"""What is done with one update."""
ASSIGNMENT_VERBS = (
    *("answer", "ask-time", "contest"),
    *("accept", "send-back", "extend", "reassign", "close", "reopen"),
)
"""What agencies say to one assignment, and what staff decide about it."""
NAMES = {
    "agencies": "key",
    "assignments": "id",
    "cohorts": "year",
    "due-reports": "id",
    "indicators": "id",
    "innovations": "id",
    "lookups/{table}": "key",
    "meetings": "key",
    "projects": "code",
    "resolutions": "id",
    "rounds": "id",
    "sources": "key",
    "updates": "id",
}


def test_every_address_of_the_api_has_its_name() -> None:
    names = {name for name in get_resolver().namespace_dict["api"][1].reverse_dict if isinstance(name, str)}
    assert {"project-list", "project-detail", "update-submit", "update-return", "update-approve", "search"} <= names


@pytest.mark.parametrize("kind", ["application/json", "application/vnd.oai.openapi", "*/*"])
def test_it_is_served_without_a_token(kind: str, client: Any, db: None) -> None:
    answer = client.get("/api/v1/schema/", headers={"accept": kind})
    assert answer.status_code == 200
    assert not answer.cookies
    for hostile in ("?lang=xx", "?lang=%00", "?version=%0d%0aX: y", "?format=json"):
        assert client.get(f"/api/v1/schema/{hostile}").status_code == 200


@pytest.mark.parametrize("path", ["/api/docs/", "/en/api/docs/"])
def test_the_page_for_people_sets_no_cookie_and_loads_from_this_host(path: str, client: Any) -> None:
    answer = client.get(path)
    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert 'data-schema="/api/v1/schema/?format=json"' in answer.content.decode()
