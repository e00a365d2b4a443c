"""The addresses of the workspace that concern people."""

from django.urls import path

from agencies.workspace import agencies, people

urlpatterns = [
    path("people/", people.MemberList.as_view(), name="member-list"),
    path("people/add/", people.MemberAdd.as_view(), name="member-add"),
    path("people/<int:pk>/edit/", people.MemberEdit.as_view(), name="member-edit"),
    path("people/<int:pk>/remove/", people.MemberRemove.as_view(), name="member-remove"),
    path("agencies/<slug:key>/passing/", agencies.AgencyPassing.as_view(), name="agency-passing"),
]
