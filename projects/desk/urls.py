"""The addresses of the desk that concern projects."""

from django.urls import path

from projects.desk import cohorts

urlpatterns = [
    path("cohorts/", cohorts.CohortList.as_view(), name="cohort-list"),
    path("cohorts/add/", cohorts.CohortAdd.as_view(), name="cohort-add"),
    path("cohorts/<int:year>/edit/", cohorts.CohortEdit.as_view(), name="cohort-edit"),
]
