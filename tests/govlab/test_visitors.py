"""Visitors without an account: told apart without an address, held off when they send too much."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import RequestFactory

from govlab import visitors

HOUR = timedelta(hours=1)


def asked(address="198.51.100.7", agent="Firefox", **headers):
    return RequestFactory().post("/", REMOTE_ADDR=address, headers={"User-Agent": agent, **headers})


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "198.51.100.7"),
        (1, None, "198.51.100.7"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),  # what a visitor writes in front of it counts for nothing
        (1, ", 203.0.113.9", "203.0.113.9"),
        (2, "1.2.3.4, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "198.51.100.7"),
        (1, " ", "198.51.100.7"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "no address", "no address"),
    ],
)
def test_the_address_is_what_our_own_proxies_saw(settings, proxies, forwarded, seen):
    settings.NUM_PROXIES = proxies
    assert visitors.address_of(asked(**({"X-Forwarded-For": forwarded} if forwarded else {}))) == seen


def test_a_mark_tells_visitors_apart_by_purpose_and_installation(settings):
    marks = [
        visitors.mark(asked(), "rating-1"),
        visitors.mark(asked(), "rating-2"),
        visitors.mark(asked(agent="Safari"), "rating-1"),
        visitors.mark(asked("198.51.100.8"), "rating-1"),
    ]
    settings.SECRET_KEY = "another"
    marks.append(visitors.mark(asked(), "rating-1"))
    assert len(set(marks)) == 5
    assert {len(mark) for mark in marks} == {64}


def test_so_many_times_in_an_hour_and_no_more():
    assert [visitors.allow(asked(), "voice", 3, HOUR) for _n in range(5)] == [True] * 3 + [False] * 2
    assert visitors.allow(asked(agent="another browser"), "voice", 3, HOUR) is False
    assert visitors.allow(asked("198.51.100.8"), "voice", 3, HOUR) is True
    assert visitors.allow(asked(), "rating", 3, HOUR) is True


def test_each_time_is_given_back_when_its_hour_is_over(monkeypatch):
    """The naive version counts up: in caches that start the hour anew with each, one more is refused for ever."""
    kept = []
    add = cache.add
    monkeypatch.setattr(cache, "add", lambda key, value, timeout: kept.append(timeout) or add(key, value, timeout))
    for _n in range(3):
        visitors.allow(asked(), "voice", 2, HOUR)
    assert kept == [3600.0, 3600.0]


@pytest.mark.django_db
def test_no_more_than_that_get_through_the_databases_cache_either(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"},
    }
    call_command("createcachetable")
    assert [visitors.allow(asked(), "voice", 3, HOUR) for _n in range(5)] == [True] * 3 + [False] * 2


def test_nothing_in_the_cache_names_the_address():
    visitors.allow(asked("203.0.113.55"), "voice", 3, HOUR)
    assert [key for key in cache._cache if "203" in key.replace("visitor-", "")[:12] and "203.0" in key] == []


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://testserver"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
    ],
)
def test_a_form_comes_from_one_of_our_pages(headers, ours):
    assert visitors.from_our_page(asked(**headers)) is ours


NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
FORMS = {
    "after a second": (1, "quick"),
    "after three": (3, None),
    "after 23 hours": (23 * 3600, None),
    "after 25 hours": (25 * 3600, "opened"),
    "empty": ("", "opened"),
    "made up": ("made up", "opened"),
    "as if signed": ("a:b:c", "opened"),
    "long": ("x" * 100_000, "opened"),
    "nul": ("\0", "opened"),
}


@pytest.mark.parametrize(("form", "code"), FORMS.values(), ids=FORMS)
def test_a_form_is_sent_neither_at_once_nor_after_a_day(form, code):
    if isinstance(form, int):
        form = signing.dumps(NOW.timestamp() - form, salt=visitors.SALT)
    try:
        visitors.require_patience(form, now=NOW)
    except ValidationError as refusal:
        assert refusal.code == code
    else:
        assert code is None


def test_what_was_signed_for_something_else_opens_no_form():
    with pytest.raises(ValidationError):
        visitors.require_patience(signing.dumps(NOW.timestamp() - 60, salt="another"), now=NOW)


def test_a_form_shown_again_keeps_when_it_was_opened_unless_nobody_knows():
    known = visitors.opened_now()
    assert visitors.opened_before(known) == known
    for bad in ("", "made up", signing.dumps(1.0, salt="another")):
        made = visitors.opened_before(bad)
        assert made != bad and signing.loads(made, salt=visitors.SALT) > 0
