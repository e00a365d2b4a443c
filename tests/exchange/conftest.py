"""The facts, and the demonstration on top of them."""

import datetime as dt

import pytest

from projects.exchange import demo, facts

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
"""The day the demonstration's relative days count from."""


@pytest.fixture
def with_facts(db: None) -> facts.Report:
    """What `facts.load` answered on an empty database."""
    return facts.load()


@pytest.fixture
def with_demo(with_facts: facts.Report) -> None:
    """The demonstration as it is on NOW."""
    demo.load(NOW)
