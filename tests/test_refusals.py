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
