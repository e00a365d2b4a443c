"""Words that mean the same, so that whoever types one finds what is written with another."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from govlab.records import Record
from govlab.thai import normalise
from projects.models.base import DeskQuerySet

MOST_WORDS, LONGEST_WORD = 30, 80


class Synonyms(Record):
    """One group of words, a word or phrase in each line, Thai and English alike."""

    words = models.TextField(
        _("words that mean the same"), max_length=3000, help_text=_("One word or phrase in each line.")
    )

    objects = DeskQuerySet.as_manager()

    class Meta:
        ordering = ["words", "pk"]
        verbose_name = _("words that mean the same")
        verbose_name_plural = _("words that mean the same")

    def __str__(self) -> str:
        return ", ".join(self.listed())

    def listed(self) -> list[str]:
        """The words as staff wrote them, each once."""
        lines = (" ".join(line.split()) for line in self.words.splitlines())
        return list({normalise(line): line for line in lines if line}.values())

    def clean(self) -> None:
        """A group has two words at least; raises ValidationError at `words`."""
        super().clean()
        words = self.listed()
        if len(words) < 2:
            raise ValidationError({"words": _("Write at least two words, each in its own line.")})
        if len(words) > MOST_WORDS:
            raise ValidationError({"words": _("At most %(most)d words mean the same.") % {"most": MOST_WORDS}})
        if any(len(word) > LONGEST_WORD for word in words):
            raise ValidationError(
                {"words": _("A word or phrase has at most %(most)d characters.") % {"most": LONGEST_WORD}}
            )
        self.words = "\n".join(words)
