"""What is done, seen and decided."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Projects, their progress, meetings and innovations."""

    name = "projects"
