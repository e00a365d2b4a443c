"""The addresses that visitors know."""

from django.urls import path

from projects.public import (
    agencies,
    calendars,
    documents,
    evidence,
    fill,
    home,
    innovations,
    meetings,
    projects,
    resolutions,
    search,
    site,
)

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("projects/", projects.ProjectList.as_view(), name="project-list"),
    path("projects/<slug:code>/", projects.ProjectDetail.as_view(), name="project-detail"),
    path("agencies/", agencies.AgencyList.as_view(), name="agency-list"),
    path("agencies/<slug:key>/", agencies.AgencyDetail.as_view(), name="agency-detail"),
    path("meetings/", meetings.MeetingList.as_view(), name="meeting-list"),
    path("meetings/series/<slug:key>.ics", calendars.SeriesCalendar.as_view(), name="series-calendar"),
    path("meetings/<slug:key>/calendar.ics", calendars.MeetingCalendar.as_view(), name="meeting-calendar"),
    path("meetings/<slug:key>/minutes.<slug:ending>", documents.MeetingMinutes.as_view(), name="meeting-minutes"),
    path("meetings/<slug:key>/programme.<slug:ending>", documents.Programme.as_view(), name="meeting-programme"),
    path("calendars/<slug:feed_key>.ics", calendars.PrivateCalendar.as_view(), name="private-calendar"),
    path("meetings/<slug:key>/", meetings.MeetingDetail.as_view(), name="meeting-detail"),
    path("resolutions/", resolutions.ResolutionList.as_view(), name="resolution-list"),
    path("resolutions/<int:pk>/", resolutions.ResolutionDetail.as_view(), name="resolution-detail"),
    path("innovations/", innovations.InnovationList.as_view(), name="innovation-list"),
    path("innovations/<int:pk>/", innovations.InnovationDetail.as_view(), name="innovation-detail"),
    path("search/", search.Search.as_view(), name="search"),
    path("about/", site.About.as_view(), name="about"),
    path("fill/<str:token>/", fill.Fill.as_view(), name="fill"),
    path("evidence/<uuid:pk>/", evidence.EvidenceFile.as_view(), name="evidence"),
    path("robots.txt", site.Robots.as_view(), name="robots"),
    path("favicon.ico", site.Favicon.as_view(), name="favicon"),
]
