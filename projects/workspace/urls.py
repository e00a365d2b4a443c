"""The addresses of the workspace that concern projects."""

from django.urls import path

from projects.workspace import assignments, calls, comments, home, links, projects, rounds, steps, updates, uploads

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
    path("calls/", calls.CallList.as_view(), name="call-list"),
    path("calls/add/", calls.CallAdd.as_view(), name="call-add"),
    path("calls/<int:pk>/", calls.CallDetail.as_view(), name="call-detail"),
    path("calls/<int:pk>/edit/", calls.CallEdit.as_view(), name="call-edit"),
    path("calls/<int:pk>/extend/", calls.CallExtend.as_view(), name="call-extend"),
    path("calls/<int:pk>/group/", calls.CallGroup.as_view(), name="call-group"),
    path("calls/<int:pk>/themes/add/", calls.ThemeAdd.as_view(), name="theme-add"),
    path("calls/<int:pk>/themes/<int:theme>/edit/", calls.ThemeEdit.as_view(), name="theme-edit"),
    path("calls/<int:pk>/themes/<int:theme>/answer/", calls.ThemeAnswer.as_view(), name="theme-answer"),
    path("calls/<int:pk>/themes/<int:theme>/remove/", calls.ThemeRemove.as_view(), name="theme-remove"),
    path("calls/<int:pk>/themes/<int:theme>/<slug:to>/", calls.ThemeStep.as_view(), name="theme-step"),
    path("calls/<int:pk>/decide/", calls.VoiceDecide.as_view(), name="voice-decide"),
]
