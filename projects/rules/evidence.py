"""Files of updates and answers: put in as long as the agency has room, taken out, released to the public, forgotten."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.access import agencies_of
from agencies.models import Agency, User
from govlab import files
from govlab.files import Attached
from govlab.history import drop, hold, keep
from projects.models import Answer, AnswerFile, Evidence, Import, Paper, ProgressUpdate
from projects.models.files import StoredFile

MB = 1024**2
FORGOTTEN_AFTER = timedelta(days=8)
"""How long a file lies that no update names; a form carries the note of a sent file for seven days."""
FILES: tuple[type[StoredFile], ...] = (Evidence, AnswerFile, Paper, Import)
"""What refers to stored bytes."""
HALVES_AFTER = timedelta(days=1)
A_DAY = 1000 * MB
"""What one person may send in a day: bytes that no report names yet count in no agency's room, but lie there."""


class Room(NamedTuple):
    """What an agency's evidence takes, and may take, in bytes."""

    used: int
    most: int

    @property
    def used_mb(self) -> int:
        """In MB, a part of one counted as one: so nothing ever looks as if it took no room."""
        return -(-self.used // MB)

    @property
    def most_mb(self) -> int:
        """In MB."""
        return self.most // MB


def _sizes(model: type[StoredFile], of: str) -> Coalesce:
    """The bytes of an agency's files of one kind, as a part of a query about agencies."""
    rows = model._default_manager.filter(**{of: OuterRef("pk")}).order_by().values(of)
    return Coalesce(Subquery(rows.annotate(used=Sum("size")).values("used")), 0)


def room_of(agency: Agency) -> Room:
    """How much of its room an agency has used."""
    used = _sizes(Evidence, "update__agency") + _sizes(AnswerFile, "answer__agency")
    found = Agency.objects.filter(pk=agency.pk).values_list(used, flat=True).first()
    return Room(found or 0, agency.quota_mb * MB)


def require_room(agency: Agency, more: int) -> None:
    """Raises ValidationError at `attach` when so many bytes more are more than the agency may keep."""
    room = room_of(agency)
    if more and room.used + more > room.most:
        sentence = _(
            "Your agency has used %(used)d of %(most)d MB for evidence, and these files need %(more)d MB more. "
            "Attach fewer or smaller files, remove some from drafts, or ask OPDC staff for more room."
        )
        params = {"used": room.used_mb, "most": room.most_mb, "more": -(-more // MB)}
        raise ValidationError({"attach": ValidationError(sentence, code="quota", params=params)})


def require_room_somewhere(person: User, more: int) -> None:
    """Raises what `require_room` raises when none of the person's agencies has room for so many bytes more."""
    refusals = []
    for agency in agencies_of(person):
        try:
            return require_room(agency, more)
        except ValidationError as refusal:
            refusals.append(refusal)
    raise refusals[0]


def count_sent(person: User, more: int, now: datetime | None = None) -> None:
    """Counts what a person sends today; raises ValidationError when it is more than anybody may send in a day."""
    key = f"evidence:{person.pk}:{timezone.localdate(now)}"
    sent = cache.get(key, 0) + more
    if sent > A_DAY:
        sentence = _("You have sent %(most)d MB of files today, which is the most for one day. Go on tomorrow.")
        raise ValidationError(sentence, code="pace", params={"most": A_DAY // MB})
    cache.set(key, sent, timedelta(days=1).total_seconds())


def write(
    update: ProgressUpdate,
    verb: str,
    *,
    by: User,
    attach: Iterable[Attached] = (),
    detach: Iterable[Evidence] = (),
    release: bool | None = None,
) -> None:
    """Puts files into an update that is held, and takes others out; `attach` holds what `govlab.files.take` gave.

    `release` says of all its files whether the public gets them once it is approved; None leaves that as it is.
    Called by `rules.updates`. Raises ValidationError at `attach` when the agency has no room for them.
    """
    for evidence in detach:
        if evidence.update_id == update.pk:
            drop(evidence, verb, by=by)
    if release is not None:
        for evidence in update.evidence.exclude(released=release):
            keep(evidence, verb, by=by, released=release)
    there = set(update.evidence.values_list("sha256", "name"))
    for file in _with_room(update.agency, attach, there):
        keep(Evidence(update=update, demo=update.demo), verb, by=by, **file._asdict(), released=bool(release))


def write_answer(answer: Answer, *, by: User, attach: Iterable[Attached] = ()) -> None:
    """Puts files into an answer that was just given; raises ValidationError at `attach` when there is no room."""
    for file in _with_room(answer.agency, attach):
        keep(AnswerFile(answer=answer, demo=answer.demo), "attach", by=by, **file._asdict())


def _with_room(agency: Agency, attach: Iterable[Attached], there: Collection[tuple[str, str]] = ()) -> list[Attached]:
    """The files that are not `there` yet, each once, if the agency has room for all of them."""
    wanted = [file for file in dict.fromkeys(attach) if (file.sha256, file.name) not in there]
    if wanted:
        held = hold(agency)  # two who attach at once to different records share the room
        require_room(held, sum(file.size for file in wanted))
    return wanted


def forget_orphans(now: datetime | None = None) -> int:
    """Takes away stored files that nothing refers to: sent for a form that was never kept; says how many.

    What a record ever named stays, so that staff can put an earlier state back.
    """
    now = now or timezone.now()
    gone = files.forget_halves(now - HALVES_AFTER)
    for old in files.stored_before(now - FORGOTTEN_AFTER):
        named: set[str] = set()
        for model in FILES:
            named |= set(model.history.filter(sha256__in=old).values_list("sha256", flat=True))
            named |= set(model._default_manager.filter(sha256__in=old).values_list("sha256", flat=True))
        for sha256 in set(old) - named:
            files.forget(sha256)
            gone += 1
    return gone
