"""What every answer carries: headers on each kind of it, no cookie in public, the language of the path, held forms."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path
from django.utils import translation

from agencies.models import User
from govlab import urls
from govlab.middleware import language_of
from projects.models import Project
from tests import factories
from tests.pages import CheckedClient

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ON_EVERY_ANSWER = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
PUBLIC, PRIVATE = "public, max-age=0, must-revalidate", "private, no-store"


@login_not_required
def breaking(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("trouble")


@login_not_required
def speaking(request: HttpRequest, **words: str) -> HttpResponse:
    return HttpResponse(translation.get_language(), content_type="text/plain")


def closed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("for whoever is signed in", content_type="text/plain")


urlpatterns = [
    path("breaking/", breaking),
    path("speaking/", speaking),
    path("en/speaking/", speaking),
    path("english/speaking/", speaking),
    path("api/v1/speaking/", speaking),
    path("closed/", closed),
    *urls.urlpatterns,
]
handler500 = "django.views.defaults.server_error"


@pytest.fixture(autouse=True)
def _these_doors(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def public_pages(staff: User, reporter: User, project: Project) -> list[str]:
    """Every kind of public page, in both languages, with something on it."""
    factories.make_update(reporter, project, "approved", staff)
    meeting, innovation = factories.make_meeting(staff), factories.make_innovation(staff)
    agency = project.agencies.get()
    paths = [
        "/",
        "/projects/",
        f"/projects/{project.code}/",
        "/agencies/",
        f"/agencies/{agency.key}/",
        "/meetings/",
        f"/meetings/{meeting.key}/",
        "/innovations/",
        f"/innovations/{innovation.pk}/",
        "/search/?q=GL",
    ]
    return [prefix + address for prefix in ("", "/en") for address in paths]


# --- headers ---------------------------------------------------------------------------------------------------------
ANSWERS: dict[str, tuple[int, Callable[[CheckedClient, dict[str, Any]], Any]]] = {
    "a public page": (200, lambda client, cast: client.get("/projects/")),
    "a private page": (200, lambda client, cast: signed_in(client, cast["reporter"]).get("/workspace/")),
    "a page that is not there": (404, lambda client, cast: client.get("/nowhere/")),
    "a page for others": (403, lambda client, cast: signed_in(client, cast["reporter"]).get("/desk/")),
    "the way to the sign-in": (302, lambda client, cast: client.get("/workspace/")),
    "a missing slash": (301, lambda client, cast: client.get("/projects")),
    "the sign-in": (200, lambda client, cast: client.get("/accounts/login/")),
    "a page that breaks": (500, lambda client, cast: client.get("/breaking/")),
    "a strange host": (400, lambda client, cast: client.get("/projects/", HTTP_HOST="evil.example")),
    "a wrong method": (405, lambda client, cast: CheckedClient().delete("/projects/")),
    "a form from elsewhere": (403, lambda client, cast: client.post("/accounts/login/", {"a": "b"})),
    "a form of somebody signed out": (401, lambda client, cast: same_origin(client, "/desk/cohorts/add/")),
    "the health": (200, lambda client, cast: client.get("/healthz")),
    "the API": (200, lambda client, cast: client.get("/api/v1/projects/")),
    "the API refusing": (401, lambda client, cast: client.post("/api/v1/updates/")),
    "the API not finding": (404, lambda client, cast: client.get("/api/v1/nowhere/")),
    "the API's description": (200, lambda client, cast: client.get("/api/v1/schema/")),
    "the API's page": (200, lambda client, cast: client.get("/api/docs/")),
}


def signed_in(client: CheckedClient, user: User) -> CheckedClient:
    client.force_login(user)
    return client


def same_origin(client: CheckedClient, address: str, **answers: str) -> Any:
    """A form from our own page, with the token it had there."""
    client.get("/accounts/login/")
    token = client.cookies["csrf"].value
    return client.post(address, {"csrfmiddlewaretoken": token, "about_th": "ข้อความ", **answers})


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_carries_the_headers_that_keep_it_safe(kind: str, reporter: User, project: Project) -> None:
    status, ask = ANSWERS[kind]
    client = CheckedClient(enforce_csrf_checks=True, raise_request_exception=False)
    answer = ask(client, {"reporter": reporter})
    assert (kind, answer.status_code) == (kind, status)
    assert {name: answer.headers.get(name) for name in ON_EVERY_ANSWER} == ON_EVERY_ANSWER


@pytest.mark.parametrize(
    "kind", [kind for kind in ANSWERS if kind not in ("a public page", "a missing slash", "a wrong method")]
)
def test_an_answer_is_private_until_a_door_says_otherwise(kind: str, reporter: User, project: Project) -> None:
    client = CheckedClient(enforce_csrf_checks=True, raise_request_exception=False)
    kept = ANSWERS[kind][1](client, {"reporter": reporter}).headers["Cache-Control"]
    if kind in ("the API", "the API's description", "the API's page"):
        return  # open to all, so they may say otherwise
    assert "no-store" in kept


# --- no cookie in public ---------------------------------------------------------------------------------------------
def test_a_public_page_sets_no_cookie_and_any_cache_may_keep_it(public_pages: list[str]) -> None:
    for address in public_pages:
        client = CheckedClient()
        page = client.get(address)
        seen = (
            page.status_code,
            page.headers["Cache-Control"],
            dict(page.cookies),
            "Cookie" in page.headers.get("Vary", ""),
        )
        assert (address, seen) == (address, (200, PUBLIC, {}, False))


def test_a_public_page_is_the_same_for_everybody(public_pages: list[str], staff: User, reporter: User) -> None:
    for address in public_pages:
        bodies = {
            CheckedClient().get(address).content,
            signed_in(CheckedClient(), reporter).get(address).content,
            signed_in(CheckedClient(), staff).get(address).content,
        }
        assert (address, len(bodies)) == (address, 1)


def test_a_public_page_that_is_not_there_sets_no_cookie_either(db: None) -> None:
    for address in ("/projects/GL2599-1/", "/nowhere/", "/en/nowhere/"):
        page = CheckedClient().get(address)
        assert (address, page.status_code, dict(page.cookies)) == (address, 404, {})


def test_a_private_page_is_kept_by_nobody(reporter: User, staff: User) -> None:
    for user, address in ((reporter, "/workspace/"), (staff, "/desk/"), (staff, "/desk/cohorts/")):
        page = signed_in(CheckedClient(), user).get(address)
        assert (address, page.status_code, page.headers["Cache-Control"]) == (address, 200, PRIVATE)


# --- language --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "wish", "expected"),
    [
        ("/speaking/", "", "th"),
        ("/speaking/", "en", "th"),  # a page speaks what its address says
        ("/en/speaking/", "", "en"),
        ("/en/speaking/", "th", "en"),
        ("/english/speaking/", "en", "th"),
        ("/api/v1/speaking/", "", "th"),
        ("/api/v1/speaking/", "en", "en"),
        ("/api/v1/speaking/", "en-GB,en;q=0.9", "en"),
        ("/api/v1/speaking/", "fr", "th"),
        ("/api/v1/speaking/", "x" * 5000, "th"),
    ],
)
def test_the_path_decides_the_language_and_for_programs_their_wish(
    address: str, wish: str, expected: str, client: CheckedClient
) -> None:
    request = RequestFactory().get(address, HTTP_ACCEPT_LANGUAGE=wish)
    answer = client.get(address, HTTP_ACCEPT_LANGUAGE=wish)
    assert (language_of(request), answer.content.decode()) == (expected, expected)
    assert answer.headers["Content-Language"] == expected
    assert ("Accept-Language" in answer.headers.get("Vary", "")) == address.startswith("/api/")


def test_no_cookie_changes_the_language_of_a_page(client: CheckedClient) -> None:
    client.cookies["django_language"] = "en"
    assert client.get("/speaking/").content == b"th"


def test_one_request_leaves_the_language_of_the_next_alone(client: CheckedClient) -> None:
    with translation.override("th"):
        client.get("/en/speaking/")
        assert translation.get_language() == "th"


def test_a_page_says_its_language_in_its_markup(client: CheckedClient, db: None) -> None:
    for address, language in (
        ("/projects/", "th"),
        ("/en/projects/", "en"),
        ("/en/nowhere/", "en"),
        ("/nowhere/", "th"),
    ):
        assert (address, f'<html lang="{language}">' in client.get(address).content.decode()) == (address, True)


# --- closed by default -----------------------------------------------------------------------------------------------
def test_a_view_that_says_nothing_is_closed(client: CheckedClient, stranger: User) -> None:
    answer = client.get("/closed/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/?next=/closed/")
    assert signed_in(client, stranger).get("/closed/").status_code == 200


# --- forms that could not be taken -----------------------------------------------------------------------------------
TYPED = "สิ่งที่พิมพ์ไว้"


def posting(client: CheckedClient, **headers: str) -> Any:
    return client.post("/desk/cohorts/add/", {"about_th": TYPED, "form_key": "abc"}, **headers)


def test_a_form_with_an_old_token_is_held_when_it_comes_from_our_own_page(staff: User) -> None:
    client = signed_in(CheckedClient(enforce_csrf_checks=True), staff)
    page = posting(client, HTTP_SEC_FETCH_SITE="same-origin")
    html = page.content.decode()
    assert (page.status_code, TYPED in html, 'name="form_key" value="abc"' in html) == (403, True, True)
    token = html.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    again = {"csrfmiddlewaretoken": token, "year": "2562", "about_th": TYPED, "form_key": "abc"}
    assert client.post("/desk/cohorts/add/", again).status_code == 302


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
@pytest.mark.parametrize("who", ["staff", "visitor"])
def test_a_form_from_anywhere_else_is_refused_and_shows_nothing_of_what_it_holds(
    who: str, site: str, staff: User
) -> None:
    client = CheckedClient(enforce_csrf_checks=True)
    if who == "staff":
        client.force_login(staff)
    page = posting(client, **({"HTTP_SEC_FETCH_SITE": site} if site else {}))
    assert (page.status_code, TYPED in page.content.decode()) == (403, False)


def test_a_form_of_somebody_signed_out_is_held_only_with_its_token(db: None) -> None:
    client = CheckedClient(enforce_csrf_checks=True)
    page = same_origin(client, "/desk/cohorts/add/", about_th=TYPED)
    assert (page.status_code, TYPED in page.content.decode(), page.headers["Cache-Control"]) == (401, True, PRIVATE)


def test_a_get_of_somebody_signed_out_leads_to_the_sign_in_and_back(client: CheckedClient, db: None) -> None:
    answer = client.get("/en/desk/cohorts/add/?from=list")
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "/en/accounts/login/?next=/en/desk/cohorts/add/%3Ffrom%3Dlist",
    )


def test_the_english_portal_is_found_without_its_slash(client: CheckedClient, db: None) -> None:
    for asked, to in (("/en", "/en/"), ("/en?q=a", "/en/?q=a")):
        answer = client.get(asked)
        assert (answer.status_code, answer.headers["Location"]) == (301, to)
    assert client.get("/enx").status_code == 404
