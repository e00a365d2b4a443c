"""The tools that every app stands on."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from govlab import growing, trigrams


class GovlabConfig(AppConfig):
    """Site-wide tools; knows no app."""

    name = "govlab"

    def ready(self) -> None:
        """From now on migrations leave the history guarded and the search indexed behind them."""
        pre_migrate.connect(growing.before_migrating, sender=self)
        post_migrate.connect(growing.after_migrating, sender=self)
        post_migrate.connect(trigrams.after_migrating, sender=self)
