"""The facts, and the demonstration on top of them."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest

from projects.exchange import demo, facts
from projects.rules import demo as rules
from tests import standing

Picture = dict[str, list[Any]]

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
"""The day the demonstration's relative days count from."""


@pytest.fixture
def with_facts(db: None) -> facts.Report:
    """What `facts.load` answered on an empty database."""
    return standing.once(facts.load)


def picture() -> Picture:
    """Every column of every kept record, without what any saving changes."""
    skip = {"version", "updated_at", "last_login"}
    return {
        kind.__name__: sorted(
            str({k: v for k, v in row.items() if k not in skip}) for row in kind._base_manager.values()
        )
        for kind in rules._kinds()
    }


def both() -> Picture:
    """The facts, of which there is a picture, and the demonstration as it is on NOW."""
    facts.load()
    before = picture()
    demo.load(NOW)
    return before


@pytest.fixture(scope="session")
def demo_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def with_demo(db: None, settings: Any, demo_files: Path) -> Picture:
    """The picture before the demonstration as it is on NOW came, with files of the test's own."""
    own, settings.MEDIA_ROOT = settings.MEDIA_ROOT, demo_files
    before = standing.once(both)
    settings.MEDIA_ROOT = shutil.copytree(demo_files, own)
    return before
