"""No operation of the API breaks, or answers otherwise than it is described, for anybody (see tests/api/walking.py)."""

from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections, transaction

from agencies.models import Scope
from agencies.rules import tokens
from tests.api.walking import Walk, asked, operations, real_keys
from tests.world import World, make_world

PARTS = 4


@pytest.fixture
def world(staff: Any, agency: Any, other_agency: Any, reporter: Any, lead: Any) -> World:
    return make_world(staff, agency, reporter)


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request outside Django's own client would close the connection that the test's transaction is on."""
    monkeypatch.setattr(connections["default"], "close_if_unusable_or_obsolete", lambda: None)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_operation_answers_everybody_as_described(
    part: int, world: Any, call: Any, staff: Any, reporter: Any, lead: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    kinds = {"reporter": (reporter, Scope.EVERYTHING), "lead": (lead, Scope.EVERYTHING)}
    kinds |= {"staff": (staff, Scope.EVERYTHING), "read": (staff, Scope.READ), "report": (lead, Scope.REPORT)}
    people: dict[str, str | None] = {"visitor": None}
    people |= {name: tokens.make(by=who, name=name, days=1, scope=scope)[1] for name, (who, scope) in kinds.items()}
    walk, every = Walk(people), operations(get_wsgi_application())
    keys = real_keys(call(staff), [operation.path for operation in every])
    for operation in every[part::PARTS]:
        for case in asked(operation, 1, 1, keys.get(operation.path.partition("{")[0], [])):
            with transaction.atomic():  # each request finds the world as it was
                walk.ask(operation, case)
                transaction.set_rollback(True)
    print(walk.summary())
    print("\n".join(sorted({*walk.wrong})))
    assert sorted({*walk.wrong}) == []
    assert all(sum(answers.values()) > len(every) // PARTS for answers in walk.answers.values())
