"""Fifty items cost less than a second of CPU, in either form."""

import pytest

from projects.documents.answers import WRITERS
from tests.documents.speed import cost, minutes_of


@pytest.mark.parametrize("ending", WRITERS)
def test_fifty_items_take_less_than_a_second(ending: str) -> None:
    write = WRITERS[ending][0]
    write(minutes_of(1))
    seconds, size = cost(write, minutes_of(50))
    assert seconds < 1
    assert size > 5_000
