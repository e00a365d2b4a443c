"""The API describes itself: the description is valid, complete and served without another host."""

from typing import Any

import pytest
from django.core.management import call_command
from django.urls import get_resolver

from projects.api import docs
from projects.api.docs import description

LANGUAGES = ("th", "en")


def operations() -> list[tuple[str, str, Any]]:
    return [(path, verb, said) for path, verbs in description("en")["paths"].items() for verb, said in verbs.items()]


def test_the_description_is_valid_openapi(tmp_path: Any) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))


def test_it_is_openapi_3_1_and_names_the_token() -> None:
    said = description("en")
    assert said["openapi"] == "3.1.0"
    [token] = said["components"]["securitySchemes"].values()
    assert (token["type"], token["scheme"]) == ("http", "bearer")


def test_every_operation_has_a_summary_and_says_how_it_refuses() -> None:
    for path, verb, said in operations():
        assert said["summary"], (path, verb)
        assert {"401", "429"} <= {*said["responses"]}, (path, verb)
        if verb != "get":
            assert {"400", "403"} <= {*said["responses"]}, (path, verb)
        if "{" in path:
            assert "404" in said["responses"], (path, verb)
        if verb in ("patch", "delete"):
            assert {"412", "428"} <= {*said["responses"]}, (path, verb)


def test_it_holds_exactly_what_the_api_answers() -> None:
    assert sorted({f"{verb.upper()} {path.removeprefix('/api/v1/')}" for path, verb, _said in operations()}) == sorted(
        [
            *(f"GET {name}/" for name in NAMES),
            *(f"GET {name}/{{{key}}}/" for name, key in NAMES.items()),
            "GET search/",
            "GET deletions/",
            "GET history/{kind}/{record}/",
            "GET history/{kind}/{record}/{id}/",
            "POST history/{kind}/{record}/{id}/put-back/",
            *(f"POST {name}/" for name, (letters, _verbs) in WRITES.items() if "A" in letters),
            *(f"PATCH {name}/{{{NAMES[name]}}}/" for name, (letters, _verbs) in WRITES.items() if "C" in letters),
            *(f"DELETE {name}/{{{NAMES[name]}}}/" for name, (letters, _verbs) in WRITES.items() if "R" in letters),
            *(
                f"POST {name}/{{{NAMES[name]}}}/{verb}/"
                for name, (_letters, verbs) in WRITES.items()
                for verb in verbs.split()
            ),
            *(f"POST updates/{{id}}/{verb}/" for verb in VERBS),
            "POST updates/approve/",
            "GET updates/{id}/comments/",
            *(f"POST due-reports/{{id}}/{verb}/" for verb in ("waive", "unwaive")),
            "POST rounds/{id}/close/",
            *(f"POST assignments/{{id}}/{verb}/" for verb in ASSIGNMENT_VERBS),
            "POST imports/",
            "GET imports/{id}/rows/",
            "GET imports/{id}/rows/{number}/",
            *(f"GET {path}" for path in FILES),
            *(f"GET reports/{on}/" for on in REPORTS),
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
REPORTS = ("rounds/{id}", "cohorts/{year}", "agencies/{key}")
FILES = (
    *("imports/{id}/report.xlsx", "imports/{id}/file", "imports/templates/{table}.xlsx"),
    *(f"reports/{on}/report.{{ending}}" for on in REPORTS),
)
"""What is answered as a file."""
PUBLISHED = "publish hide"
WRITES = {
    "updates": ("ACR", ""),
    "projects": ("ACR", PUBLISHED),
    "parts": ("ACR", ""),
    "stages": ("C", ""),
    "indicators": ("ACR", ""),
    "cohorts": ("AC", ""),
    "agencies": ("AC", "passing"),
    "innovations": ("ACR", PUBLISHED),
    "lookups/{table}": ("ACR", ""),
    "sources": ("ACR", ""),
    "synonyms": ("ACR", ""),
    "series": ("ACR", "renew-feed"),
    "series-members": ("ACR", "move"),
    "standing-items": ("ACR", "move"),
    "schedules": ("AC", ""),
    "named-dates": ("AR", ""),
    "exceptions": ("ACR", ""),
    "rounds": ("C", ""),
    "people": ("AC", ""),
    "memberships": ("ACR", ""),
    "meetings": ("ACR", f"{PUBLISHED} invite call-off hold finish adopt reopen attendance members"),
    "meeting-people": ("ACR", ""),
    "sessions": ("ACR", ""),
    "points": ("ACR", ""),
    "agenda-items": ("ACR", "move papers"),
    "papers": ("R", ""),
    "resolutions": ("ACR", ""),
    "assignments": ("ACR", ""),
    "follow-ups": ("C", ""),
    "calls": ("ACR", f"{PUBLISHED} extend"),
    "voices": ("", "show withhold wait"),
    "themes": ("ACR", "answer show unshow move group ungroup"),
    "ratings": ("", "show withhold wait take-out"),
    "proposals": ("", "take decline"),
    "links": ("A", "revoke"),
    "webhooks": ("ACR", "pause resume renew test"),
    "deliveries": ("", "again"),
    "imports": ("", "apply stop undo"),
}
"""What is added (A), changed (C) and removed (R), and what else is done with one."""
NAMES = {
    **dict.fromkeys(("series",), "key"),
    **dict.fromkeys((name for name in WRITES if name != "series"), "id"),
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


@pytest.mark.parametrize("kind", ["application/json", "application/vnd.oai.openapi"])
def test_it_is_written_once_in_a_language_and_told_apart_by_its_tag(kind: str, client: Any, db: None) -> None:
    asked = {
        lang: client.get("/api/v1/schema/", headers={"accept": kind, "accept-language": lang}) for lang in LANGUAGES
    }
    made = docs.written.cache_info().misses
    for lang, answer in asked.items():
        assert (answer["Cache-Control"], answer["Content-Language"]) == ("public, max-age=0, must-revalidate", lang)
        headers = {"accept": kind, "accept-language": lang}
        assert client.get("/api/v1/schema/", headers=headers).content == answer.content
        assert client.get("/api/v1/schema/", headers={**headers, "if-none-match": answer["ETag"]}).status_code == 304
    assert (asked["th"]["ETag"] == asked["en"]["ETag"], docs.written.cache_info().misses) == (False, made)


@pytest.mark.parametrize("path", ["/api/docs/", "/en/api/docs/"])
def test_the_page_for_people_sets_no_cookie_and_loads_from_this_host(path: str, client: Any) -> None:
    answer = client.get(path)
    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert 'data-schema="/api/v1/schema/?format=json"' in answer.content.decode()
