"""What stands where on the page of a project: an open call near the top, and only the newest pictures unfolded."""

import datetime as dt
from types import SimpleNamespace as Row

import pytest
from django.utils import timezone

from projects.public.projects import with_pictures
from projects.rules import calls, publishing

BOUND = dt.timedelta(days=3)


def test_the_newest_two_pictures_stand_open_and_the_others_are_unfolded():
    new, old = (
        [Row(name=name, is_picture=not name.endswith("pdf")) for name in ("a", "b.pdf")],
        [Row(name=name, is_picture=True) for name in ("c", "d", "e")],
    )
    told = [
        [[file.name for file in files] for files in entry[3:]]
        for entry in with_pictures([(1, "u", None, new), (2, None, "m", []), (3, "u", None, old), (4, "u", None, old)])
    ]
    assert told == [
        [["a", "b.pdf"], ["a"], []],
        [[], [], []],
        [["c", "d", "e"], ["c"], ["d", "e"]],
        [["c", "d", "e"], [], ["c", "d", "e"]],
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("opens", "closes", "stands"),
    [(-BOUND, BOUND, True), (BOUND * 0, BOUND * 0, True), (BOUND, BOUND * 2, False), (-BOUND * 2, -BOUND, False)],
    ids=["open", "today alone", "to come", "over"],
)
def test_a_call_stands_on_top_while_it_can_be_answered(client, staff, project, opens, closes, stands):
    today = timezone.localdate()
    days = {"opens_on": today + opens, "closes_on": today + closes}
    texts = {"question_th": "อะไรเสียเวลา", "use_th": "ทีมอ่านทุกความเห็น", "stage_number": 2}
    call = publishing.publish(calls.add(by=staff, project=project, **days, **texts), by=staff)
    html = client.get(f"/projects/{project.code}/").content.decode()
    top = html.partition('id="story"')[0]
    assert (f'href="/calls/{call.pk}/answer/"' in top) is stands
