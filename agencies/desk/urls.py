"""The addresses of the desk that concern agencies and people."""

from django.urls import path

from agencies.desk import agencies, letters, people, security

urlpatterns = [
    path("agencies/", agencies.AgencyList.as_view(), name="agency-list"),
    path("agencies/add/", agencies.AgencyAdd.as_view(), name="agency-add"),
    path("agencies/<slug:key>/", agencies.AgencyDetail.as_view(), name="agency-detail"),
    path("agencies/<slug:key>/edit/", agencies.AgencyEdit.as_view(), name="agency-edit"),
    path("agencies/<slug:key>/people/add/", people.MemberAdd.as_view(), name="member-add"),
    path("members/<int:pk>/remove/", people.MemberRemove.as_view(), name="member-remove"),
    path("members/<int:pk>/edit/", people.MemberEdit.as_view(), name="member-edit"),
    path("people/", people.PersonList.as_view(), name="person-list"),
    path("people/add/", people.PersonAdd.as_view(), name="person-add"),
    path("people/<int:pk>/edit/", people.PersonEdit.as_view(), name="person-edit"),
    path("letters/", letters.LetterList.as_view(), name="letter-list"),
    path("letters/<int:pk>/", letters.LetterDetail.as_view(), name="letter-detail"),
    path("letters/<int:pk>/resend/", letters.LetterResend.as_view(), name="letter-resend"),
    path("security/", security.SecurityList.as_view(), name="security"),
]
