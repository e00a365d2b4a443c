"""Files of an update: as much as the agency has room for; what nobody kept is forgotten, what was named never."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from agencies.models import Agency, User
from agencies.rules import records
from govlab import files
from govlab.files import Attached
from projects.models import Evidence, Project
from projects.rules import evidence, updates
from projects.rules.evidence import MB, Room, forget_orphans, require_room_somewhere, room_of
from tests import factories

pytestmark = pytest.mark.django_db


def file(name: str = "ก.pdf", size: int = MB, sha256: str = "a") -> Attached:
    return Attached(name, "pdf", size, sha256 * 64)


@pytest.fixture
def small(agency: Agency, staff: User) -> Agency:
    """An agency with room for 3 MB."""
    return records.edit(agency, by=staff, version=agency.version, quota_mb=3)


# --- room -------------------------------------------------------------------------------------------------------------
def test_an_agency_may_fill_its_room_to_the_last_byte(small: Agency, reporter: User, project: Project) -> None:
    factories.make_update(reporter, project, attach=[file("ก.pdf"), file("ข.pdf", 2 * MB, "b")])
    assert room_of(small) == Room(used=3 * MB, most=3 * MB)


def test_a_byte_more_is_refused_at_the_files_and_nothing_is_kept(
    small: Agency, reporter: User, project: Project
) -> None:
    factories.make_update(reporter, project, attach=[file(size=2 * MB)])
    update = factories.make_update(reporter, project)
    with pytest.raises(ValidationError) as refusal, translation.override("en"):
        updates.edit(update, by=reporter, version=update.version, text="ใหม่", attach=[file("ข.pdf", MB + 1, "b")])
    assert refusal.value.message_dict == {
        "attach": [
            "Your agency has used 2 of 3 MB for evidence, and these files need 2 MB more. Attach fewer or smaller "
            "files, remove some from drafts, or ask OPDC staff for more room."
        ]
    }
    update.refresh_from_db()
    assert (update.text, Evidence.objects.count()) == (factories.FULL["text"], 1)


def test_the_room_is_of_the_agency_and_not_of_the_others(
    small: Agency, other_agency: Agency, staff: User, reporter: User, stranger: User, project: Project
) -> None:
    factories.make_update(reporter, project, attach=[file(size=3 * MB)])
    others = factories.make_project(staff, owner=other_agency)
    factories.make_update(stranger, others, attach=[file(size=9 * MB)])
    assert (room_of(small).used, room_of(other_agency).used) == (3 * MB, 9 * MB)


def test_what_is_taken_out_in_the_same_breath_makes_room(small: Agency, reporter: User, project: Project) -> None:
    update = factories.make_update(reporter, project, attach=[file(size=3 * MB)])
    old = list(update.evidence.all())
    updates.edit(update, by=reporter, version=update.version, detach=old, attach=[file("ข.pdf", 3 * MB, "b")])
    assert [row.name for row in update.evidence.all()] == ["ข.pdf"]


def test_a_full_agency_may_still_write_and_send_the_same_file_twice(
    small: Agency, reporter: User, project: Project
) -> None:
    update = factories.make_update(reporter, project, attach=[file(size=3 * MB)])
    update = updates.edit(update, by=reporter, version=update.version, text="ใหม่", attach=[file(size=3 * MB)] * 2)
    assert (update.text, update.evidence.count()) == ("ใหม่", 1)


def test_an_agency_that_was_given_less_room_than_it_uses_takes_no_more(
    agency: Agency, staff: User, reporter: User, project: Project
) -> None:
    update = factories.make_update(reporter, project, attach=[file(size=5 * MB)])
    records.edit(agency, by=staff, version=agency.version, quota_mb=1)
    with pytest.raises(ValidationError) as refusal:
        updates.edit(update, by=reporter, version=update.version, attach=[file("ข.pdf", 1, "b")])
    assert list(refusal.value.message_dict) == ["attach"]


def test_a_person_of_two_agencies_may_send_ahead_what_fits_into_one(
    small: Agency, other_agency: Agency, reporter: User
) -> None:
    with pytest.raises(ValidationError):
        require_room_somewhere(reporter, 4 * MB)
    other_agency.memberships.create(user=reporter, role="reporter")
    require_room_somewhere(reporter, 4 * MB)


@pytest.mark.parametrize(("used", "shown"), [(0, 0), (1, 1), (MB, 1), (MB + 1, 2)])
def test_what_is_used_never_looks_like_less(used: int, shown: int) -> None:
    assert Room(used, 9 * MB).used_mb == shown


# --- forgetting -------------------------------------------------------------------------------------------------------
NOW = timezone.now()


def kept(name: str, age: dt.timedelta = evidence.FORGOTTEN_AFTER + dt.timedelta(hours=1)) -> Attached:
    """A file that was stored so long ago."""
    content = b"%PDF-1.4\n%" + name.encode() + b"\n%%EOF\n"
    taken = files.take(SimpleUploadedFile(name, content))
    os.utime(files.address(taken.sha256), times=((NOW - age).timestamp(),) * 2)
    return taken


def test_only_what_no_report_ever_named_is_forgotten(reporter: User, project: Project) -> None:
    named, removed, discarded, orphan = (kept(f"{name}.pdf") for name in "กขคง")
    fresh = kept("จ.pdf", evidence.FORGOTTEN_AFTER - dt.timedelta(hours=1))
    update = factories.make_update(reporter, project, attach=[named, removed])
    gone = list(update.evidence.filter(sha256=removed.sha256))
    updates.edit(update, by=reporter, version=update.version, detach=gone)
    updates.discard(factories.make_update(reporter, project, attach=[discarded]), by=reporter)
    assert forget_orphans(NOW) == 1
    there = [files.address(taken.sha256).exists() for taken in (named, removed, discarded, fresh, orphan)]
    assert there == [True, True, True, True, False]
    assert forget_orphans(NOW) == 0


def test_a_file_whose_note_was_used_is_fresh_again() -> None:
    orphan = kept("ก.pdf")
    assert files.touch(orphan.sha256)
    assert forget_orphans(NOW) == 0
    assert files.take(SimpleUploadedFile("ข.pdf", files.address(orphan.sha256).read_bytes())).sha256 == orphan.sha256


def test_what_is_not_there_cannot_be_made_fresh() -> None:
    assert (files.touch("0" * 64), files.touch("../../etc/passwd")) == (False, False)


def test_what_a_worker_left_half_written_goes_after_a_day(settings) -> None:
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    for name, age in ((".incoming-old", 25), (".incoming-new", 23)):
        (root / name).write_bytes(b"%PDF")
        os.utime(root / name, times=((NOW - dt.timedelta(hours=age)).timestamp(),) * 2)
    assert forget_orphans(NOW) == 1
    assert [path.name for path in root.iterdir()] == [".incoming-new"]


def test_where_nothing_was_ever_stored_nothing_is_forgotten() -> None:
    assert forget_orphans(NOW) == 0
