"""Refusals of the API as RFC 9457 has them: what kind of problem, which status, a sentence, sentences by field."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _

MEDIA_TYPE = "application/problem+json"
NOTHING = _("There is nothing here, or nothing that you may see.")
NO_FIELD = "non_field_errors"
"""Under this name stand the sentences that belong to no field."""
NOT_OFFERED = _("There is no “%(word)s” here. Choose from: %(known)s.")
MOST_OFFERED = 50
"""So many keys of a list are named in a refusal."""


class Kind(NamedTuple):
    """One kind of problem: its name in the address of its type, its title, and what is said where nobody said more."""

    name: str
    title: Any
    sentence: Any


KINDS: Mapping[int, Kind] = {
    400: Kind("invalid", _("Not as it should be"), _("Correct what is named under “errors” and send it again.")),
    401: Kind("token", _("A token is needed"), _("Send a valid token in the header Authorization: Bearer.")),
    403: Kind("forbidden", _("Not yours to do"), _("You may not do this.")),
    404: Kind("nothing", _("Nothing here"), NOTHING),
    405: Kind("method", _("Not offered here"), _("This address does not take this method.")),
    406: Kind("format", _("Not in this format"), _("The API answers in JSON. Ask for application/json.")),
    412: Kind("stale", _("Changed meanwhile"), _("Read it again and send your change once more.")),
    413: Kind("large", _("Too much at once"), _("This is more than the API takes at once. Send less.")),
    415: Kind("unread", _("Not a format that is read"), _("Send JSON; a file goes in a form (multipart/form-data).")),
    422: Kind("key", _("Key already used"), _("Make a new Idempotency-Key.")),
    428: Kind("version", _("A version is needed"), _("Send the ETag that you read in the header If-Match.")),
    429: Kind("often", _("Too many requests"), _("Wait as long as the header Retry-After says, in seconds.")),
    500: Kind("broken", _("Something broke here"), _("This is our mistake. Tell OPDC staff if it stays.")),
    503: Kind("busy", _("Busy for a moment"), _("Ask again in a little while.")),
    507: Kind("full", _("No room left"), _("Nothing was kept. Try again in a while.")),
}
"""Every status with which the API refuses."""

Errors = Mapping[str, Sequence[Any]]


def type_of(status: int) -> str:
    """The address that names the kind of problem; the page for developers explains it there."""
    return f"{settings.PORTAL_URL}/api/docs/#problem-{KINDS[status].name}"


def problem(status: int, path: str, sentence: Any = "", errors: Errors | None = None) -> dict[str, Any]:
    """The body of a refusal; a status without a kind of its own is told as the first of its hundred.

    Where sentences stand under fields and none was given, `detail` is the ones that belong to no field.
    """
    known = status if status in KINDS else status // 100 * 100
    kind = KINDS[known]
    said = {name: [str(each) for each in sentences] for name, sentences in (errors or {}).items()}
    detail = str(sentence) or " ".join(said.get(NO_FIELD, ())) or str(kind.sentence)
    told = {"type": type_of(known), "title": str(kind.title), "status": status, "detail": detail, "instance": path}
    return told | {"errors": said} if said else told


def answer(request: HttpRequest, status: int, sentence: Any = "", errors: Errors | None = None) -> JsonResponse:
    """The refusal of a request that reached no door of the API."""
    body = problem(status, request.path, sentence, errors)
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})


def not_offered(word: str, known: Sequence[str]) -> str:
    """The refusal of a word that is none of these keys: it names them, of a long list those near it or the first."""
    word = word[:80].encode(errors="replace").decode()  # half a pair of surrogates cannot be written in an answer
    near = known if len(known) <= MOST_OFFERED else get_close_matches(word, known, MOST_OFFERED)
    return NOT_OFFERED % {"word": word, "known": ", ".join(near or [*known[:MOST_OFFERED], "…"])}


def is_for_api(request: HttpRequest) -> bool:
    """Whether the request is one to the API; its page for people is none."""
    return request.path_info.startswith("/api/v1/")
