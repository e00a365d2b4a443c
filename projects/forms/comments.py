"""What is asked of whoever has a word to say about an update."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import Comment


class CommentForm(forms.ModelForm):
    """A comment that the agency and OPDC's staff read."""

    class Meta:
        model = Comment
        fields = ["text"]
        labels = {"text": _("Comment")}
        help_texts = {"text": _("Your agency and OPDC read it; before the update is sent, only your agency.")}
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        error_messages = {"text": {"required": _("Write a few words first.")}}


class DeskCommentForm(CommentForm):
    """A comment of staff, to the agency or among themselves."""

    class Meta(CommentForm.Meta):
        fields = ["text", "inside"]
        labels = {"text": _("Comment"), "inside": _("Only OPDC staff see it")}
        help_texts = {"text": _("The agency reads it, unless you tick the box below; the public never does.")}
