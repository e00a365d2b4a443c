"""Files sent one by one while a form is open: kept, and answered with the note that the form then carries."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from agencies.access import agencies_of
from agencies.doors import WorkspaceDoor
from govlab.doors import sentences
from projects.forms.evidence import EvidenceField, token_of
from projects.rules.evidence import require_room_somewhere


class Upload(WorkspaceDoor):
    """One file in, its note out: `{token, name, size}`, or 400 with `{error}`."""

    http_method_names = ["post"]

    def admit(self, request: HttpRequest) -> None:
        """People who report; staff only for an agency they belong to."""
        if not agencies_of(request.user).exists():
            raise PermissionDenied(_("Only people of an agency attach files."))

    def post(self, request: HttpRequest) -> JsonResponse:
        """Takes it in as the form does; that there is room for it is asked again when the form is kept."""
        file, field = request.FILES.get("file"), EvidenceField()
        field.person = self.person
        try:
            if file is None:
                raise ValidationError(_("No file arrived. Choose it again."))
            require_room_somewhere(self.person, file.size or 0)
            taken = field.to_python(file)
        except ValidationError as refusal:
            return JsonResponse({"error": " ".join(sentences(refusal))}, status=400)
        return JsonResponse({"token": token_of(taken, self.person), "name": taken.name, "size": taken.size})
