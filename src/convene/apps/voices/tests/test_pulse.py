"""Pulses: asked at most monthly, answered without a name, read when closed and only of five or more."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from convene.apps.attendance.models import Attendance
from convene.apps.voices.models import Pulse, PulseAnswer, PulseAsk
from convene.apps.voices.pulse_reading import read_pulse, trends
from convene.apps.voices.rules import pulse as rules
from convene.apps.voices.services import pulse as services
from convene.foundation.access import links
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.mail.models import MailMessage
from tests.makers import make_community, make_member, make_person, make_registration, make_workshop
from tests.tasks import run_tasks

NOW = timezone.now().replace(microsecond=0)
ITEMS = [
    rules.Item("I could say what I wanted to say."),
    rules.Item("I take something with me."),
    rules.Item("What next?", answer="words"),
]


@pytest.fixture
def steward(db):
    return make_person("Ada")


@pytest.fixture
def community(steward):
    return make_community(steward=steward)


def held(community, people):
    """A session that `people` took part in."""
    workshop = make_workshop(community)
    session = workshop.sessions.get()
    session.starts_at, session.ends_at = NOW - dt.timedelta(hours=3), NOW - dt.timedelta(hours=1)
    session.save()
    for person in people:
        seat = make_registration(workshop, person, state="confirmed")
        Attendance.objects.create(registration=seat, session=session, state="attended", source="door", at=NOW)
    return session


def pulse_of(community, steward, people, *, items=ITEMS, now=NOW):
    session = held(community, people)
    pulse = services.make_pulse(community=community, session=session, items=items, actor=steward, now=now)
    services.ask_pulse(pulse=pulse, actor=steward, now=now)
    pulse.refresh_from_db()
    return pulse


def people(count):
    return [make_person(f"Guest {number}") for number in range(count)]


def answer(pulse, count, *, value=4, words="More time", now=NOW):
    items = list(pulse.items.all())
    for ask in pulse.asks.filter(answered=False)[:count]:
        values = {item.pk: value for item in items if item.answer == "scale"}
        said = {item.pk: words for item in items if item.answer == "words"}
        services.answer_pulse(ask=ask, values=values, words=said, now=now)


def close(pulse):
    services.close_pulse(pulse_id=pulse.pk, now=pulse.closes_at)
    pulse.refresh_from_db()


def test_those_who_took_part_are_asked_and_nobody_twice_in_a_month(community, steward):
    guests = people(3)
    first = pulse_of(community, steward, guests)
    again = pulse_of(make_community(steward=steward), steward, [*guests, make_person()])
    late = pulse_of(community, steward, guests, now=NOW + dt.timedelta(days=31))
    assert [one.asks.count() for one in (first, again, late)] == [3, 1, 3]


def test_four_items_are_too_many_and_none_is_too_few(community, steward):
    for items in ([*ITEMS, rules.Item("One more")], []):
        with pytest.raises(RuleBroken) as refused:
            services.make_pulse(
                community=community, session=held(community, []), items=items, actor=steward, now=NOW
            )
        assert refused.value.field == "items"


def test_only_those_who_lead_ask_and_reply(community, steward):
    pulse = pulse_of(community, steward, people(5))
    stranger = make_person()
    for act in (
        lambda: services.make_pulse(community=community, session=None, items=ITEMS, actor=stranger, now=NOW),
        lambda: services.ask_pulse(pulse=pulse, actor=stranger, now=NOW),
        lambda: services.reply_to_pulse(pulse=pulse, text="So", actor=stranger, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_each_answers_once_and_no_answer_leads_to_anyone(community, steward):
    pulse = pulse_of(community, steward, people(5))
    ask = pulse.asks.first()
    item = pulse.items.first()
    services.answer_pulse(ask=ask, values={item.pk: 5}, words={}, now=NOW)
    with pytest.raises(RuleBroken) as refused:
        services.answer_pulse(ask=ask, values={item.pk: 1}, words={}, now=NOW)
    fields = {field.name for field in PulseAnswer._meta.get_fields()}
    assert (refused.value.code, PulseAnswer.objects.get().value) == ("answered", 5)
    assert fields == {"id", "item", "sheet", "value", "words"}


def test_of_four_answers_nothing_is_shown_and_of_six_words_but_no_share(community, steward):
    four, six = pulse_of(community, steward, people(6)), pulse_of(community, steward, people(6))
    answer(four, 4)
    answer(six, 6)
    close(four)
    close(six)
    little, more = read_pulse(four), read_pulse(six)
    assert (little.answered, [one.heard for one in little.items]) == (None, [False, False, False])
    assert (more.answered, more.items[0].words, more.items[0].percent) == (6, "largely agreed", None)
    assert more.items[2].said == ()


def test_while_it_is_open_nothing_is_read_and_after_its_week_nothing_is_taken(community, steward):
    pulse = pulse_of(community, steward, people(8))
    answer(pulse, 7)
    assert read_pulse(pulse).answered is None
    with pytest.raises(RuleBroken) as refused:
        answer(pulse, 1, now=pulse.closes_at)
    assert refused.value.code == "closed"


def test_own_words_are_read_from_ten_answers_on_in_no_order(community, steward):
    pulse = pulse_of(community, steward, people(14))
    answer(pulse, 13)
    close(pulse)
    found = read_pulse(pulse)
    assert (len(found.items[2].said), found.items[0].share) == (13, "95 % or more")


def test_a_trend_has_shares_of_larger_sessions_and_never_a_workshop(community, steward):
    for month, size in enumerate((14, 14, 6)):
        now = NOW + dt.timedelta(days=40 * month)
        pulse = pulse_of(community, steward, people(size), now=now)
        answer(pulse, size, value=5 if month else 3, now=now)
        close(pulse)
    found = dict(trends(community.pk))
    assert [one.percent for one in found["I take something with me."]] == [5, 95]


def test_the_reply_goes_once_to_everyone_who_was_asked(community, steward):
    pulse = pulse_of(community, steward, people(6))
    answer(pulse, 2)
    with pytest.raises(RuleBroken):
        services.reply_to_pulse(pulse=pulse, text="Early", actor=steward, now=NOW)
    close(pulse)
    services.reply_to_pulse(pulse=pulse, text="We cut the lecture.", actor=steward, now=NOW)
    with pytest.raises(RuleBroken):
        services.reply_to_pulse(pulse=pulse, text="Again", actor=steward, now=NOW)
    run_tasks()
    assert MailMessage.objects.filter(kind="pulse_reply").count() == PulseAsk.objects.count()


def test_the_yearly_one_scores_scales_with_turned_items(community, steward):
    for _ in range(14):
        make_member(community)
    items = rules.read_yearly("[home] I belong here\n[home] R: I feel like a guest\nPlain")
    assert [(one.scale, one.reversed, one.text) for one in items] == [
        ("home", False, "I belong here"),
        ("home", True, "I feel like a guest"),
        ("", False, "Plain"),
    ]
    pulse = services.make_pulse(community=community, session=None, items=items, actor=steward, now=NOW)
    services.ask_pulse(pulse=pulse, actor=steward, now=NOW)
    pulse.refresh_from_db()
    one, turned, _plain = pulse.items.all()
    for ask in pulse.asks.all():
        services.answer_pulse(ask=ask, values={one.pk: 5, turned.pk: 1}, words={}, now=NOW)
    close(pulse)
    ((name, score),) = read_pulse(pulse).scores
    assert (name, score.mean, score.low, score.high) == ("home", 5.0, 5.0, 5.0)


@given(st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=4), min_size=5, max_size=40))
def test_the_interval_of_a_score_holds_its_mean_within_the_scale(sheets):
    found = rules.score(sheets)
    assert 1 <= found.low <= found.mean <= found.high <= 5


def test_no_score_is_made_of_four():
    assert rules.score([[5], [5], [4], [3]]) is None


def test_students_quantile_is_near_the_table():
    table = {4: 2.776, 9: 2.262, 29: 2.045}
    assert all(abs(rules._student(freedom) - value) < 0.02 for freedom, value in table.items())


# --- pages


def test_a_pulse_from_the_plan_to_the_answer_in_the_mail(client, community, steward):
    session = held(community, people(6))
    client.force_login(steward)
    where = reverse("workshop_pulse", args=[session.workshop_id])
    assert "Nobody is asked yet." in client.get(where).content.decode()
    client.post(where, {"first": "I was heard.", "second": "", "words": ""})
    pulse = Pulse.objects.get()
    client.post(reverse("pulse_ask", args=[pulse.pk]))
    run_tasks()
    assert MailMessage.objects.filter(kind="pulse").count() == 6
    client.logout()
    link = reverse("pulse_answer", args=[links.sign("pulse", pulse.asks.first().pk)])
    assert "I was heard." in client.get(link).content.decode()
    assert PulseAnswer.objects.count() == 0
    client.post(link, {"item-1": "5"})
    assert "Your answers are kept without any link to you" in client.get(link).content.decode()
    client.force_login(steward)
    answer(pulse, 3)
    pulse.refresh_from_db()
    close(pulse)
    page = client.get(reverse("pulse", args=[pulse.pk])).content.decode()
    assert "Fewer than five people answered" in page


def test_pages_of_a_pulse_are_for_those_who_lead(client, community, steward):
    pulse = pulse_of(community, steward, people(1))
    client.force_login(make_member(community))
    for name, argument in (
        ("pulses", community.slug),
        ("pulse_yearly", community.slug),
        ("workshop_pulse", pulse.session.workshop_id),
        ("pulse", pulse.pk),
    ):
        assert client.get(reverse(name, args=[argument])).status_code == 404


def test_nothing_to_ask_is_refused_with_words(client, community, steward):
    session = held(community, [])
    client.force_login(steward)
    where = reverse("workshop_pulse", args=[session.workshop_id])
    answered = client.post(where, {"first": "", "second": "", "words": ""})
    assert (answered.status_code, "Ask at least one thing." in answered.content.decode()) == (422, True)
