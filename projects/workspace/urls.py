"""The addresses of the workspace that concern projects."""

from django.urls import path

from projects.workspace import assignments, comments, home, links, projects, rounds, steps, updates, uploads

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("projects/", projects.ProjectList.as_view(), name="project-list"),
    path("projects/<slug:code>/", projects.ProjectDetail.as_view(), name="project-detail"),
    path("projects/<slug:code>/updates/add/", updates.UpdateAdd.as_view(), name="update-add"),
    path("updates/<int:pk>/", updates.UpdateDetail.as_view(), name="update-detail"),
    path("updates/<int:pk>/edit/", updates.UpdateEdit.as_view(), name="update-edit"),
    path("updates/<int:pk>/submit/", steps.UpdateSubmit.as_view(), name="update-submit"),
    path("updates/<int:pk>/pass-on/", steps.UpdatePassOn.as_view(), name="update-pass-on"),
    path("updates/<int:pk>/hand-back/", steps.UpdateHandBack.as_view(), name="update-hand-back"),
    path("updates/<int:pk>/withdraw/", steps.UpdateWithdraw.as_view(), name="update-withdraw"),
    path("updates/<int:pk>/discard/", steps.UpdateDiscard.as_view(), name="update-discard"),
    path("updates/<int:pk>/comments/add/", comments.CommentAdd.as_view(), name="update-comment"),
    path("uploads/", uploads.Upload.as_view(), name="upload"),
    path("due/<int:pk>/report/", rounds.DueReportAdd.as_view(), name="due-report"),
    path("asked/", home.AskedList.as_view(), name="asked-list"),
    path("updates/<int:pk>/links/", links.LinkList.as_view(), name="update-links"),
    path("links/<int:pk>/revoke/", links.LinkRevoke.as_view(), name="link-revoke"),
    path("assignments/", assignments.AssignmentList.as_view(), name="assignment-list"),
    path("assignments/<int:pk>/", assignments.AssignmentDetail.as_view(), name="assignment-detail"),
    path("assignments/<int:pk>/more-time/", assignments.MoreTime.as_view(), name="assignment-more-time"),
    path("assignments/<int:pk>/contest/", assignments.Contest.as_view(), name="assignment-contest"),
]
