"""Files that programs attach to updates."""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers, status
from rest_framework.parsers import MultiPartParser

from agencies.models import User
from govlab.files import MAX_BYTES, REFUSALS, Attached, take
from projects.models import AnswerFile, Evidence
from projects.rules.evidence import count_sent

AROUND = 64 * 1024  # bytes of a request beside the file itself

log = logging.getLogger(__name__)


class NoRoom(exceptions.APIException):
    """The bytes could not be kept."""

    status_code = status.HTTP_507_INSUFFICIENT_STORAGE
    default_detail = _("The file could not be kept just now. Send it again in a while.")
    default_code = "storage"


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    """A file attached to an update: its size in bytes, its SHA-256 in hex, the address of its bytes."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Evidence
        fields = ["id", "name", "kind", "size", "sha256", "released", "url", "demo"]

    def get_url(self, row: Evidence) -> str:
        """Where it is downloaded."""
        return self.context["request"].build_absolute_uri(reverse("public:evidence", args=[row.pk]))


class AnswerFileSerializer(serializers.ModelSerializer[AnswerFile]):
    """A file attached to an answer; whoever reads the answer may download it."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = AnswerFile
        fields = ["id", "name", "kind", "size", "sha256", "url", "demo"]

    def get_url(self, row: AnswerFile) -> str:
        """Where it is downloaded."""
        return self.context["request"].build_absolute_uri(reverse("public:evidence", args=[row.pk]))


class NewEvidence(serializers.Serializer[Any]):
    """A file; `release` says of all files of the update whether the public gets them once it is approved."""

    file = serializers.FileField(allow_empty_file=True)
    release = serializers.BooleanField(required=False, allow_null=True)


class FileParser(MultiPartParser):
    """A form with one file; one that is too big is refused before it is read."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """The fields and the file."""
        length = parser_context["request"].META.get("CONTENT_LENGTH") or "0"
        if int(length) > MAX_BYTES + AROUND:
            raise exceptions.ValidationError({"file": [REFUSALS["too_big"] % {"most": MAX_BYTES // 1024**2}]})
        return super().parse(stream, media_type, parser_context)


def taken_in(upload: UploadedFile, kept: list[Attached], person: User, name: str = "file") -> Iterator[Attached]:
    """The file, looked at and kept when the rule asks for it, which it does only of those who may attach one.

    What is wrong with it is said at the field of this `name`.
    """
    try:
        count_sent(person, upload.size or 0)
        file = take(upload)
    except ValidationError as error:
        raise ValidationError({name: error}) from error
    except OSError as error:
        log.exception("evidence could not be kept")
        raise NoRoom from error
    kept.append(file)
    yield file
