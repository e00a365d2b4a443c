"""What a refusal of the API holds, looked at whole wherever a test reads one."""

from typing import Any

from govlab.problems import KINDS, MEDIA_TYPE, type_of


def problem_of(answer: Any) -> dict[str, Any]:
    """The body of a refusal, which is a problem (RFC 9457) that names its own status and path."""
    assert answer["Content-Type"] == MEDIA_TYPE, answer.content
    said = answer.json()
    assert {*said} - {"errors"} == {"type", "title", "status", "detail", "instance"}
    known = answer.status_code if answer.status_code in KINDS else answer.status_code // 100 * 100
    assert (said["status"], said["type"]) == (answer.status_code, type_of(known))
    assert said["instance"] == answer.wsgi_request.path
    assert said["title"] and said["detail"]
    return said


def errors_of(answer: Any) -> dict[str, list[str]]:
    """The sentences of a refusal by field; none where it is about no field."""
    found: dict[str, list[str]] = problem_of(answer).get("errors", {})
    return found


def said_in(answer: Any) -> dict[str, Any]:
    """The same without the path: what is not there and what is not yours to see are told alike."""
    return {**problem_of(answer), "instance": ""}
