"""What every record of the API has in common: which fields are for insiders, its address on the pages, its sources."""

from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.access import is_desk
from agencies.models import Agency, Source


class NamedSerializer(serializers.Serializer[Any]):
    """A record that is mentioned in another one: what it is called and the key to read it by."""

    key = serializers.CharField()
    name_th = serializers.CharField()
    name_en = serializers.CharField()


class SourceNameSerializer(serializers.ModelSerializer[Source]):
    """The document in which a fact stands."""

    class Meta:
        model = Source
        fields = ["key", "title_th", "title_en", "publisher_th", "publisher_en", "published_on", "url"]


class RecordSerializer(serializers.ModelSerializer[Any]):
    """A kept record. The fields named in `inside` are left out for whoever may not see them."""

    inside: tuple[str, ...] = ("version",)

    version = serializers.IntegerField(
        required=False, help_text="Only for those who may change the record; it is also the ETag, to send as If-Match."
    )
    url = serializers.SerializerMethodField()

    @property
    def person(self) -> Any:
        """Whoever asks."""
        return self.context["request"].user

    def is_inside(self, row: Any) -> bool:
        """Whether the person works on this record: staff do on every one."""
        return is_desk(self.person)

    def page(self, row: Any) -> str | None:
        """The path of the public page that shows the record; None when no page does."""
        return None

    @extend_schema_field({"type": ["string", "null"], "format": "uri", "description": "The public page."})
    def get_url(self, row: Any) -> str | None:
        """The address of that page."""
        path = self.page(row)
        return self.context["request"].build_absolute_uri(path) if path else None

    def to_representation(self, instance: Model) -> dict[str, Any]:
        """The record as JSON, without what is not for this person."""
        data = super().to_representation(instance)
        if not self.is_inside(instance):
            for name in self.inside:
                data.pop(name, None)
        return data


class SourceSerializer(RecordSerializer):
    """A document from which facts were taken."""

    url = serializers.CharField(help_text="Where the document itself is published.")  # type: ignore[assignment]

    class Meta:
        model = Source
        fields = [
            "key",
            "title_th",
            "title_en",
            "publisher_th",
            "publisher_en",
            "published_on",
            "url",
            "demo",
            "version",
        ]


class AgencySerializer(RecordSerializer):
    """A body that has a part in GovLab."""

    parent: Any = serializers.SlugRelatedField(slug_field="key", read_only=True, allow_null=True)
    sources = SourceNameSerializer(many=True)

    def page(self, row: Agency) -> str:
        """The agency's own page."""
        return reverse("public:agency-detail", args=[row.key])

    class Meta:
        model = Agency
        fields = [
            "key",
            "name_th",
            "name_en",
            "short_th",
            "short_en",
            "kind",
            "parent",
            "sources",
            "demo",
            "url",
            "version",
        ]


class SeenField(serializers.SlugRelatedField[Any]):
    """A record that the person may see, by its key."""

    default_error_messages = {"does_not_exist": _("There is no such record."), "invalid": _("There is no such record.")}

    def __init__(self, model: Any, key: str, **extra: Any) -> None:
        super().__init__(slug_field=key, queryset=model.objects.none(), **extra)
        self.model = model

    def to_internal_value(self, data: Any) -> Any:
        """The record; no key holds a NUL, which PostgreSQL would not even look for."""
        if isinstance(data, str) and "\0" in data:
            self.fail("invalid")
        return super().to_internal_value(data)

    def get_queryset(self) -> QuerySet[Any]:
        """What the person may see; everybody sees every agency."""
        rows = self.model.objects
        return rows.visible_to(self.context["request"].user) if hasattr(rows, "visible_to") else rows.all()
