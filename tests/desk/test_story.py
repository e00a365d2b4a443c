"""The story of a project: told on the desk, read on its page."""

import uuid

import pytest
from django.urls import reverse

from projects.models import Project
from projects.models.projects import STORY
from projects.rules import projects
from tests import factories

pytestmark = pytest.mark.django_db

HEADINGS = [
    *(
        "Whose problem it is",
        "What was learned",
        "What was tried, and with whom",
        "What came of it",
        "Where it is used",
    ),
]


def at(project):
    return reverse("desk:project-story", args=[project.code])


def answers(project, **told):
    return {"form_key": uuid.uuid4().hex, "version": project.version, **told}


def test_the_story_is_told_and_the_rest_of_the_project_stays(sign_in, staff, project):
    client = sign_in(staff)
    told = {name: f"เรื่อง {name}" for name in STORY}
    for _click in range(2):
        answer = client.post(at(project), answers(project, **told) | {"form_key": "once"})
        assert answer["Location"] == reverse("desk:project-detail", args=[project.code])
    after = Project.objects.get()
    assert {name: getattr(after, name) for name in STORY} == told
    assert (after.code, after.cohort, after.title_th) == (project.code, project.cohort, project.title_th)
    assert after.version == project.version + 1
    assert "เล่าแล้ว 5 จาก 5 ส่วน" in client.get(reverse("desk:project-detail", args=[project.code])).text


def test_a_stale_story_shows_both_versions_and_keeps_what_was_typed(sign_in, staff, other_staff, project):
    projects.edit(
        project, by=other_staff, version=project.version, code=project.code, cohort=project.cohort, problem_th="ของเขา"
    )
    page = sign_in(staff).post(at(project), answers(project, problem_th="ของฉัน"))
    assert page.status_code == 409
    assert ("ของเขา" in page.text, page.context["form"]["problem_th"].value()) == (True, "ของฉัน")


def test_it_is_kept_while_it_is_typed(sign_in, staff, project):
    page = sign_in(staff).get(at(project))
    assert "data-autosave" in page.text


@pytest.mark.parametrize("told", [{"problem_th": "ก" * 5001}, {"used_en": "a\x00"}])
def test_a_bad_answer_is_a_sentence_at_its_field(sign_in, staff, project, told):
    page = sign_in(staff).post(at(project), answers(project, **told))
    assert (page.status_code, list(page.context["form"].errors)) == (400, list(told))


def test_only_staff_tell_it(client, sign_in, reporter, project):
    assert client.get(at(project)).status_code == 302
    sign_in(reporter)
    assert (client.get(at(project)).status_code, client.post(at(project)).status_code) == (403, 403)


def tell(staff, project, **told):
    return projects.edit(project, by=staff, version=project.version, code=project.code, cohort=project.cohort, **told)


def test_a_project_without_a_story_says_so_in_one_line(client, project):
    page = client.get(f"/en/projects/{project.code}/")
    assert page.text.count("The team has not told the story of this project yet.") == 1
    assert [heading for heading in HEADINGS if heading in page.text] == []


def test_the_parts_that_are_told_stand_in_their_order_and_the_others_in_one_line(client, staff, project):
    tell(staff, project, used_th="ใช้ <b>ทุก</b> จังหวัด", learned_en="People wait", problem_th="คิวยาว")
    page = client.get(f"/en/projects/{project.code}/")
    assert [name for name, _heading in page.context["story"]] == ["problem", "learned", "used"]
    assert f"{HEADINGS[2]} · {HEADINGS[3]}" in " ".join(page.text.split())
    assert "ใช้ &lt;b&gt;ทุก&lt;/b&gt; จังหวัด" in page.text
    assert '<span lang="th">คิวยาว</span>' in page.text


def test_province_and_story_are_read_over_the_api_too(call, staff, project):
    tell(staff, project, result_th="เร็วขึ้น", province="50")
    answer = call().get(f"/api/v1/projects/{project.code}/").json()
    assert (answer["result_th"], answer["problem_en"], answer["province"]) == ("เร็วขึ้น", "", "50")


def test_an_earlier_story_can_be_put_back(sign_in, staff, project):
    first = tell(staff, project, problem_th="เดิม")
    entry = first.history.first()
    tell(staff, first, problem_th="ใหม่")
    now = Project.objects.get()
    url = reverse("desk:history-put-back", args=["project", project.pk, entry.pk])
    assert sign_in(staff).get(url).status_code == 200
    sign_in(staff).post(url, {"form_key": uuid.uuid4().hex, "version": now.version})
    assert Project.objects.get().problem_th == "เดิม"


def test_a_citation_stands_in_both_languages_in_the_era_of_each(client, project):
    thai, english = client.get(f"/projects/{project.code}/").context["citations"]
    day = Project.objects.get().updated_at
    assert (thai["language"], english["language"]) == ("th", "en")
    assert f"({day.year + 543})" in thai["text"]
    assert f"({day.year})" in english["text"]
    assert thai["text"].endswith(f" http://testserver/projects/{project.code}/")
    assert english["text"].endswith(f" http://testserver/en/projects/{project.code}/")
    assert project.title_th in english["text"]


def test_earlier_entries_are_folded(client, staff, reporter, project):
    for n in range(14):
        factories.make_update(reporter, project, "approved", staff, title=f"ครั้งที่ {n}")
    page = client.get(f"/en/projects/{project.code}/")
    assert [(len(entries), earlier) for entries, earlier in page.context["logs"]] == [(12, False), (2, True)]
    assert "Show 2 earlier entries" in page.text
