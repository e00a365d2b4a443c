"""The addresses of the workspace that concern projects."""

from django.urls import path

from projects.workspace import assignments, home, projects, updates

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("projects/", projects.ProjectList.as_view(), name="project-list"),
    path("projects/<slug:code>/", projects.ProjectDetail.as_view(), name="project-detail"),
    path("projects/<slug:code>/updates/add/", updates.UpdateAdd.as_view(), name="update-add"),
    path("updates/<int:pk>/", updates.UpdateDetail.as_view(), name="update-detail"),
    path("updates/<int:pk>/edit/", updates.UpdateEdit.as_view(), name="update-edit"),
    path("updates/<int:pk>/submit/", updates.UpdateSubmit.as_view(), name="update-submit"),
    path("updates/<int:pk>/discard/", updates.UpdateDiscard.as_view(), name="update-discard"),
    path("assignments/", assignments.AssignmentList.as_view(), name="assignment-list"),
    path("assignments/<int:pk>/", assignments.AssignmentDetail.as_view(), name="assignment-detail"),
]
