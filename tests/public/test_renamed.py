"""A code or a key that was renamed leads to the new one, and betrays nothing that is not public."""

import datetime as dt

import pytest
from django.utils import timezone

from agencies.models import Agency
from govlab.history import hold, keep
from projects.following import followed, whats_new
from projects.models import Follow, FollowKind, Meeting, Project
from projects.rules import publishing
from tests import factories, visitors

pytestmark = pytest.mark.django_db
PAGES = (
    "/projects/{}/",
    "/en/projects/{}/",
    "/cards/projects/{}.png",
    "/embed/projects/{}/",
    "/feeds/projects/{}.atom",
)


def rename(thing, staff, **names):
    return keep(hold(thing), "edit", by=staff, **names)


@pytest.mark.parametrize("page", PAGES)
def test_the_old_code_leads_to_the_new_one_with_its_query(client, staff, page, django_assert_max_num_queries):
    project = factories.make_project(staff, code="GL2562-1")
    rename(project, staff, code="GL2562-7")
    rename(project, staff, code="GL2562-8")
    for old in ("GL2562-1", "GL2562-7"):
        with django_assert_max_num_queries(5):
            answer = client.get(page.format(old) + "?q=%E0%B8%81&page=2")
        assert (answer.status_code, answer.url) == (301, page.format("GL2562-8") + "?q=%E0%B8%81&page=2")
        assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"  # hidden tomorrow, it is 404
    assert client.get(page.format("GL2562-8")).status_code == 200


@pytest.mark.parametrize(("model", "make"), [(Agency, factories.make_agency), (Meeting, factories.make_meeting)])
def test_agencies_and_meetings_are_found_by_their_old_keys(client, staff, model, make):
    thing = make(staff, "กรมเก่า") if model is Agency else make(staff)
    old, folder = thing.key, "agencies" if model is Agency else "meetings"
    rename(thing, staff, key="brand-new")
    assert client.get(f"/{folder}/{old}/").url == f"/{folder}/brand-new/"
    assert client.get(f"/{folder}/never-was/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_what_is_hidden_answers_like_what_never_was(client, staff, page):
    missing = client.get(page.format("GL2599-9"))
    hidden = factories.make_project(staff, code="GL2562-1")
    publishing.hide(rename(hidden, staff, code="GL2562-7"), by=staff)
    draft = factories.make_project(staff, code="GL2562-2", published=False)
    rename(draft, staff, code="GL2562-3")
    for code in ("GL2562-1", "GL2562-7", "GL2562-2", "GL2562-3"):
        answer = client.get(page.format(code))
        assert (answer.status_code, len(answer.content)) == (404, len(missing.content)), code


def test_a_code_that_another_record_has_now_is_that_ones(client, staff):
    first = factories.make_project(staff, code="GL2562-1", title_th="เดิม")
    rename(first, staff, code="GL2562-7")
    second = factories.make_project(staff, code="GL2562-1", title_th="ใหม่", published=False)
    assert client.get("/projects/GL2562-1/").status_code == 404  # no word that somebody has it
    publishing.publish(second, by=staff)
    assert "ใหม่" in client.get("/projects/GL2562-1/").text


def test_of_two_that_had_it_the_later_one_counts_and_only_if_it_is_public(client, staff):
    first = factories.make_project(staff, code="GL2562-1")
    rename(first, staff, code="GL2562-7")
    second = factories.make_project(staff, code="GL2562-1")
    rename(second, staff, code="GL2562-8")
    assert client.get("/projects/GL2562-1/").url == "/projects/GL2562-8/"
    publishing.hide(Project.objects.get(pk=second.pk), by=staff)
    assert client.get("/projects/GL2562-1/").status_code == 404


def test_staff_are_led_no_further_than_a_visitor(client, staff):
    project = factories.make_project(staff, code="GL2562-1", published=False)
    rename(project, staff, code="GL2562-7")
    client.force_login(staff)
    assert client.get("/projects/GL2562-1/").status_code == 404


def test_whoever_follows_a_project_is_told_of_it_under_its_new_code(staff, reporter, project):
    follow = Follow(email="a@example.go.th", kind=FollowKind.PROJECT, target=project.code, told_until=timezone.now())
    code = f"GL{project.cohort.year}-77"
    rename(project, staff, code=code)
    factories.make_update(reporter, project, "approved", staff, title="ลดเหลือ 5 นาที")
    new = whats_new(follow, timezone.now() + dt.timedelta(days=1))
    assert [(entry.title, entry.project) for entry in new] == [("ลดเหลือ 5 นาที", code)]
    assert followed(follow.kind, follow.target).url == f"/projects/{code}/"


def test_a_code_in_small_letters_leads_to_the_project(client, staff, project):
    assert client.get(f"/projects/{project.code.lower()}/").url == f"/projects/{project.code}/"
    draft = factories.make_project(staff, published=False)
    assert client.get(f"/projects/{draft.code.lower()}/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_an_old_code_in_small_letters_leads_to_the_project_under_its_new_one(client, staff, page):
    project = factories.make_project(staff, code="GL2562-1")
    rename(project, staff, code="GL2562-7")
    assert client.get(page.format("gl2562-1")).url == page.format("GL2562-7")
    publishing.hide(Project.objects.get(pk=project.pk), by=staff)
    assert client.get(page.format("gl2562-1")).status_code == 404
    factories.make_project(staff, code="GL2562-1", published=False)
    publishing.publish(Project.objects.get(pk=project.pk), by=staff)
    assert client.get(page.format("gl2562-1")).status_code == 404  # another one has it now


def test_a_form_that_was_opened_under_the_old_code_is_taken(client, staff, project):
    old, code, ours = project.code, f"GL{project.cohort.year}-77", {"Sec-Fetch-Site": "same-origin"}
    rating = {**visitors.tokens(client.get(f"/projects/{old}/rate/")), "stars": "4", "comment": "ดีขึ้น"}
    follow = {**visitors.tokens(client.get(f"/follow/?kind=project&target={old}")), "kind": "project", "target": old}
    rename(project, staff, code=code)
    answer = client.post(f"/projects/{old}/rate/", rating, headers=ours)
    assert (answer.status_code, answer.url) == (302, f"/projects/{code}/rate/?sent=1")
    assert [row.comment for row in project.ratings.all()] == ["ดีขึ้น"]
    assert client.post("/follow/", {**follow, "email": "a@example.go.th"}, headers=ours).status_code == 302
    assert Follow.objects.get().target == code
    publishing.hide(Project.objects.get(pk=project.pk), by=staff)
    assert client.post(f"/projects/{old}/rate/", rating, headers=ours).status_code == 404


def test_staff_are_led_on_at_the_desk(client, staff, reporter):
    project = factories.make_project(staff, code="GL2562-1", published=False)
    rename(project, staff, code="GL2562-7")
    client.force_login(staff)
    for old in ("GL2562-1", "gl2562-1"):
        assert client.get(f"/desk/projects/{old}/").url == "/desk/projects/GL2562-7/"
    assert client.get("/desk/projects/GL2599-9/").status_code == 404
    client.force_login(reporter)
    assert client.get("/desk/projects/GL2562-1/").status_code == 403


def test_the_forms_about_a_project_lead_on_too(client, staff, project):
    old, code = project.code, f"GL{project.cohort.year}-77"
    rename(project, staff, code=code)
    assert client.get(f"/projects/{old}/rate/?stars=4").url == f"/projects/{code}/rate/?stars=4"
    assert client.get(f"/follow/?kind=project&target={old}").context["followed"].target == code
