"""Several short lists in one query."""

import datetime as dt

import pytest

from agencies.models import Agency, Source
from agencies.rules import records
from govlab.gather import gather, line, short_name
from tests import factories

pytestmark = pytest.mark.django_db


def test_lists_come_apart_again_in_their_order_with_every_column(staff, agency, django_assert_num_queries):
    factories.make_agency(staff, "กกก", short_en="KKK")
    for key, on in (("b", None), ("a", dt.date(2019, 1, 11))):
        records.add(Source, by=staff, key=key, title_th=key, published_on=on)
    with django_assert_num_queries(1):
        found = gather(
            line(Agency.objects.all(), "agencies", under="pk", **short_name()),
            line(Source.objects.all(), "sources", key="key", sort="key", name_th="title_th", on="published_on"),
            line(Source.objects.none(), "nothing", key="key"),
        )
    assert [(row.name_th, row.name_en, row.on) for row in found["agencies"]] == [
        ("กกก", "KKK", None),
        ("กรมตัวอย่าง", "", None),
    ]
    assert found["agencies"][1].under == agency.pk
    assert [(row.key, row.on, row.demo) for row in found["sources"]] == [
        ("a", dt.date(2019, 1, 11), False),
        ("b", None, False),
    ]
    assert found["nothing"] == []
