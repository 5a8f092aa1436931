"""The tags refuse what they do not know, and their HTML can be used by everyone."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
EVENING = dt.datetime(2030, 12, 12, 22, 0, tzinfo=BERLIN)


class Form(forms.Form):
    name = forms.CharField(label="Name", help_text="As you like it.")
    how = forms.ChoiceField(
        label="How", choices=[("a", "By draw"), ("b", "First come")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Note", required=False)


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context)).strip()


@pytest.mark.parametrize(
    "source",
    [
        '{% button "Save" kimd="primary" %}',
        '{% button "Save" kind="primry" %}',
        "{% button %}",
        '{% button "" %}',
        "{% section %}{% endsection %}",
        '{% section "Title" level=1 %}{% endsection %}',
        '{% notice kind="danger" %}{% endnotice %}',
        '{% badge "Open" tone="pink" %}',
        '{% empty_state "Nothing" "Yet" action_label="Begin" %}',
        "{% field form.nome %}",
        '{% fields form only="nome" %}',
        '{% when day style="medium" %}',
        '{% step "One" state="maybe" %}',
    ],
)
def test_what_a_tag_does_not_know_it_refuses(source):
    with pytest.raises(TemplateSyntaxError):
        render(source, form=Form(), day=EVENING)


def test_texts_are_escaped():
    assert "<script>" not in render(
        "{% page_header title lead=title %}{% endpage_header %}{% badge title %}{% button title %}"
        "{% person_line title note=title %}{% stat title title %}",
        title="<script>",
    )


def test_a_field_is_tied_to_its_help_and_its_error():
    html = render("{% field form.name %}", form=Form({"name": "", "how": "a"}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert '<label class="field__label" for="id_name">' in html


def test_a_choice_of_several_stands_in_a_fieldset_with_its_question():
    html = render("{% field form.how %}", form=Form({"name": "x"}))
    assert html.startswith("<fieldset")
    assert 'aria-describedby="id_how_error"' in html
    assert "<legend" in html
    assert html.count('type="radio"') == 2


def test_required_fields_say_so_in_words():
    assert "required" in render("{% field form.name %}", form=Form()).split("<input")[0]
    assert "required" not in render("{% field form.note %}", form=Form())


def test_the_error_summary_leads_to_each_field_and_is_silent_when_all_is_well():
    html = render("{% error_summary form %}", form=Form({}))
    assert "2 things need another look" in html
    assert '<a href="#id_name">Name</a>' in html
    assert '<a href="#id_how_0">How</a>' in html
    assert render("{% error_summary form %}", form=Form({"name": "x", "how": "a"})) == ""
    assert render("{% error_summary form %}", form=Form()) == ""


def test_a_time_names_its_zone_and_gives_machines_the_exact_moment():
    with timezone.override(BERLIN):
        assert render("{% when at %}", at=EVENING) == (
            '<time datetime="2030-12-12T22:00:00+01:00">Thursday 12 December 2030, 22:00 Berlin time</time>'
        )
    with timezone.override(zoneinfo.ZoneInfo("Asia/Kolkata")):
        assert "Friday 13 December 2030, 02:30 Kolkata time" in render("{% when at %}", at=EVENING)
    with timezone.override(dt.UTC):
        assert "21:00 UTC" in render("{% when at %}", at=EVENING)
        assert "22:00 Berlin time" in render('{% when at zone="Europe/Berlin" %}', at=EVENING)


def test_a_range_says_the_second_day_only_if_it_is_another_one():
    with timezone.override(BERLIN):
        same = render("{% when_range a b %}", a=EVENING, b=EVENING + dt.timedelta(hours=1))
        assert "22:00</time>\u2060–\u2060<time" in same
        assert same.endswith(">23:00</time> Berlin time")
        midnight = render("{% when_range a b %}", a=EVENING, b=EVENING + dt.timedelta(hours=2))
        assert midnight.endswith(">midnight</time> Berlin time")
        past = render("{% when_range a b %}", a=EVENING, b=EVENING + dt.timedelta(hours=3))
        assert past.endswith(">Friday 13 December 2030, 01:00</time> Berlin time")
    with timezone.override(zoneinfo.ZoneInfo("America/New_York")):
        assert "16:00</time>\u2060–\u2060<time" in render(
            "{% when_range a b %}", a=EVENING, b=EVENING + dt.timedelta(hours=3)
        )


def test_mails_say_times_without_markup():
    with timezone.override(BERLIN):
        end = EVENING + dt.timedelta(hours=1)
        said = render("{% when_range_text a b style='short' %}", a=EVENING, b=end)
        assert said == "Thu 12 Dec 2030, 22:00\u2060–\u206023:00 Berlin time"
        assert render("{% when_text a style='time' %}", a=EVENING) == "22:00 Berlin time"


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(TemplateSyntaxError):
        render("{% when at %}", at=dt.datetime(2030, 1, 1))  # noqa: DTZ001  # that is the point


def test_lengths_are_said_in_words():
    assert render("{% duration 150 %}") == "2 hours 30 minutes"
    assert render("{% duration 60 %}") == "1 hour"
    assert render("{% duration 0 %}") == "0 minutes"


def test_the_current_page_is_marked(rf):
    nav = '{% section_nav "Pages" %}{% nav_item "Here" "/here/" %}{% nav_item "There" "/there/" %}{% endsection_nav %}'
    html = render(nav, request=rf.get("/here/"))
    assert html.count('aria-current="page"') == 1
    assert 'href="/here/" aria-current="page"' in html
    below = '{% nav_item "Here" "/here/" match="prefix" %}'
    assert "aria-current" in render(below, request=rf.get("/here/more/"))


def test_a_button_of_its_own_posts_with_the_token(rf):
    html = render('{% post_button "Go" "/go/" describe="to the other side" %}', csrf_token="abc")
    assert 'method="post"' in html
    assert 'value="abc"' in html
    assert 'Go<span class="unseen">: to the other side</span>' in html


def test_an_address_that_is_not_there_is_nothing():
    assert render('{% url_if "no_such_page" as there %}[{{ there }}]') == "[]"
