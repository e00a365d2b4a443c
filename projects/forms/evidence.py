"""Evidence in forms: several files at once, let in and kept, and still attached when the form must be sent again."""

import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, NamedTuple

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from govlab.fields import MultiFileField, MultiFileInput
from govlab.files import KINDS, MAX_BYTES, REFUSALS, Attached, take, touch
from govlab.trouble import is_full
from projects.rules.evidence import Room, count_sent

log = logging.getLogger(__name__)

SALT = "projects.forms.evidence"
LASTS = timedelta(days=7)
"""How long a form that is sent again, or a draft kept while typing, still finds the files that it brought."""
MOST_FILES = 20
TOO_MANY = _("Only the first %(most)d files were taken. Save, then attach the others.")


def token_of(file: Attached, person: User) -> str:
    """A signed note that this person sent this file, for the form to carry."""
    return signing.dumps([person.pk, *file], salt=SALT)


def file_of(token: str, person: User) -> Attached:
    """The file that a note of this person names; ValidationError when it is too old or not theirs."""
    try:
        owner, *values = signing.loads(token, salt=SALT, max_age=LASTS)
        file = Attached(*values)
    except (signing.BadSignature, TypeError, ValueError):
        owner, file = None, None
    if file is None or owner != person.pk or not touch(file.sha256):
        raise ValidationError(_("A file that was attached earlier is no longer there. Choose it again."), code="gone")
    return file


class Sent(NamedTuple):
    """What the browser sent: new files, and the notes of those it sent before."""

    files: list[UploadedFile]
    tokens: list[str]


class EvidenceInput(MultiFileInput):
    """A file input, with the files that an earlier try already brought."""

    template_name = "parts/_evidence.html"
    kept: Iterable[tuple[str, Attached]] = ()
    rooms: Sequence[tuple[str, Room]] = ()
    """What the agencies have used of their room, by name; shown beside the input."""
    direct = False
    """Whether the person may send files one by one while the form is open; for people of agencies only."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent:
        """New files and notes."""
        tokens = data.getlist(f"{name}-kept") if hasattr(data, "getlist") else data.get(f"{name}-kept", [])
        return Sent(super().value_from_datadict(data, files, name) or [], tokens)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """What the template needs; the kept files stand beside the input."""
        more = {"kept": self.kept, "rooms": self.rooms, "direct": self.direct}
        limits = {
            "most_files": MOST_FILES,
            "most_bytes": MAX_BYTES,
            "too_big": REFUSALS["too_big"] % {"most": MAX_BYTES // 1024**2},
            "too_many": TOO_MANY % {"most": MOST_FILES},
        }
        return {**super().get_context(name, value, attrs), **more, **limits}


class EvidenceField(MultiFileField):
    """Files that become evidence; the answer is a list of `Attached`. Set `person` before use.

    Each refusal names its file, and the good ones stay attached. Raises ValidationError.
    """

    widget = EvidenceInput
    person: User

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ",".join(f".{ending}" for ending in KINDS)
        self._taken: dict[Attached, None] = {}

    def to_python(self, data: Any) -> Any:
        """Takes one file in; OSError when the disk is full, which the whole portal has to tell."""
        count_sent(self.person, data.size or 0)
        try:
            file = take(data)
        except OSError as error:
            if is_full(error):
                raise
            log.exception("evidence could not be kept")
            raise ValidationError(
                _("It could not be kept just now. Nothing else is lost: attach it again in a while."), code="storage"
            ) from error
        self._taken[file] = None
        return file

    def bring_back(self, data: Any, name: str) -> int:
        """Shows the files of what was typed and not saved; gives how many of them are no longer there."""
        found: dict[Attached, None] = {}
        sent = data.getlist(f"{name}-kept")[:MOST_FILES]
        for token in sent:
            with suppress(ValidationError):
                found[file_of(token, self.person)] = None
        self.widget.kept = [(token_of(file, self.person), file) for file in found]
        return len(sent) - len(found)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files, those of earlier tries first."""
        self._taken, refusals = {}, []
        for token in data.tokens[:MOST_FILES]:
            try:
                self._taken[file_of(token, self.person)] = None
            except ValidationError as refusal:
                refusals.append(refusal)
        left = MOST_FILES - len(data.tokens[:MOST_FILES])
        try:
            super().clean(data.files[:left], initial)
        except ValidationError as refusal:
            refusals.append(refusal)
        if len(data.tokens) + len(data.files) > MOST_FILES:
            refusals.append(ValidationError(TOO_MANY, code="many", params={"most": MOST_FILES}))
        self.widget.kept = [(token_of(file, self.person), file) for file in self._taken]
        if refusals:
            raise ValidationError(refusals)
        return list(self._taken)
