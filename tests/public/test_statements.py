"""Privacy, accessibility, terms, contact: in both languages, linked from every page, with nothing made up."""

import re

import pytest

pytestmark = pytest.mark.django_db
PAGES = ("privacy", "accessibility", "terms", "contact")


@pytest.mark.parametrize("name", PAGES)
def test_a_statement_asks_nothing_of_the_database_and_is_linked_from_every_page(
    client, name, django_assert_num_queries
):
    with django_assert_num_queries(0):
        thai, english = client.get(f"/{name}/"), client.get(f"/en/{name}/")
    assert (thai.status_code, english.status_code) == (200, 200)
    words = re.sub(r"<[^>]+>|https?://\S+", " ", re.search(r"<main.*?</main>", thai.text, re.DOTALL)[0])
    # All of it is Thai but names that are Latin anyway.
    latin = set(re.findall(r"[A-Za-z]{2,}", words))
    assert latin - {"GovLab", "IP", "axe", "WCAG", "AA", "JavaScript", "PDF", "API", "LINE", "Facebook"} == set()
    assert not re.search(r"[\u0e00-\u0e7f]", re.search(r"<main.*?</main>", english.text, re.DOTALL)[0])
    assert f'href="/{name}/"' in client.get("/about/").text


@pytest.mark.parametrize("name", PAGES)
def test_whom_to_ask_is_what_the_installation_says_and_nothing_else(client, settings, name):
    bare = client.get(f"/{name}/").text
    assert "mailto:" not in bare and "tel:" not in bare
    settings.CONTACT_EMAIL, settings.CONTACT_PHONE = "govlab@example.go.th", "02 000 0000"
    full = client.get(f"/{name}/").text
    assert 'href="mailto:govlab@example.go.th"' in full and 'href="tel:020000000"' in full
