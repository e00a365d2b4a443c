"""Where a refusal stands: inside a door with its own menu for who is signed in, else on the public page."""

import pytest

from govlab.templatetags.door import frame


@pytest.mark.parametrize("start", ["", "/en"], ids=["Thai", "English"])
@pytest.mark.parametrize(
    ("who", "path", "status", "home"),
    [
        ("staff", "/desk/nothing/", 404, "/desk/"),
        ("staff", "/workspace/nothing/", 404, "/workspace/"),
        ("reporter", "/workspace/nothing/", 404, "/workspace/"),
        ("reporter", "/desk/nothing/", 404, "/workspace/"),
        ("reporter", "/desk/", 403, "/workspace/"),
        ("reporter", "/nothing/", 404, "/"),
        (None, "/desk/nothing/", 404, "/"),
    ],
)
def test_a_refusal_leads_back_to_where_the_person_works(request, client, sign_in, who, path, status, home, start):
    browser = sign_in(request.getfixturevalue(who)) if who else client
    answer = browser.get(start + path)
    assert (answer.status_code, f'<a class="btn" href="{start}{home}">' in answer.text) == (status, True)
    assert ("/accounts/login/" in answer.text) is (home == "/")


def test_a_refusal_on_a_public_path_asks_nobody_who_they_are():
    class Unasked:
        path_info = "/en/nothing/"

        @property
        def user(self):
            raise AssertionError("asked")

    assert frame(Unasked()) == frame("") == "base.html"
    with pytest.raises(AssertionError, match="asked"):
        Unasked.path_info = "/en/desk/nothing/"
        frame(Unasked())


@pytest.mark.parametrize(
    ("who", "path", "back"),
    [
        ("staff", "/desk/projects/{project}/publish/", "/desk/projects/{project}/"),
        ("staff", "/en/desk/projects/{project}/publish/", "/en/desk/projects/{project}/"),
        ("reporter", "/accounts/tokens/7/revoke/", "/accounts/tokens/"),
        (None, "/en/projects/{project}/seen/", "/en/projects/{project}/"),
    ],
)
def test_the_address_of_a_button_says_that_nothing_happened_and_leads_back(
    request, client, sign_in, project, who, path, back
):
    browser = sign_in(request.getfixturevalue(who)) if who else client
    answer = browser.get(path.format(project=project.code))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert f'<a href="{back.format(project=project.code)}">' in answer.text
    assert ("/accounts/logout/" in answer.text) is bool(who)


@pytest.mark.parametrize(("who", "base"), [("staff", "/desk/"), ("reporter", "/workspace/")])
@pytest.mark.parametrize("page", ["me/", "tokens/", "tokens/add/", "letters/", "password/change/", "logout/"])
def test_the_pages_of_an_account_keep_the_menu_of_where_the_person_works(request, sign_in, who, base, page):
    text = sign_in(request.getfixturevalue(who)).get(f"/en/accounts/{page}").text
    menu = text[text.index('<nav aria-label="Main">') : text.index("</nav>")]
    assert (f'href="/en{base}"' in menu, 'href="/en/data/"' in menu) == (True, False)
