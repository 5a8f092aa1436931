"""Versions, renderers, tokens, and what a page is answered when it asks."""

from __future__ import annotations

import pytest
from django.core import signing
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from convene.foundation.access.links import BadLink
from convene.foundation.live import pages, queries, registry, rendering, services, testing, tokens, topic
from tests.races.together import together

UTC = rendering.Variant("en", "UTC")


@pytest.fixture
def calls(monkeypatch):
    """What the renderers of `note` and `plain` were asked; id "gone" is not there."""
    monkeypatch.setattr(registry, "_kinds", {})
    monkeypatch.setattr(rendering, "kept", rendering.Kept())
    seen: list[tuple[str, str, str]] = []

    def note(subject_id: str) -> dict[str, str]:
        seen.append((subject_id, translation.get_language(), timezone.get_current_timezone_name()))
        if subject_id == "gone":
            raise ObjectDoesNotExist
        return {f"note-{subject_id}": f"<p>{subject_id}</p>"}

    registry.register("note", note)
    registry.register("plain", note, by_zone=False)
    registry.register("many", note, many=lambda ids: {each: note(each) for each in ids})
    return seen


def ask(client, token, since="", **headers):
    return client.get(reverse("live_poll", args=[token]), {"since": since}, headers=headers)


@pytest.mark.django_db
def test_each_touch_counts_once_for_each_topic_and_a_rolled_back_one_not_at_all():
    one, two = topic("note", 1), topic("note", 2)
    services.touch(one, two, one)
    services.touch(one)
    with transaction.atomic():
        services.touch(two)
        transaction.set_rollback(True)
    assert queries.versions([one, two, "note:3"]) == {one: 2, two: 1, "note:3": 0}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_touches_in_the_same_instant_are_all_counted():
    forth, back = ("a:1", "b:1", "c:1"), ("c:1", "b:1", "a:1")

    def often(topics):
        def call():
            for _ in range(20):
                with transaction.atomic():
                    services.touch(*topics)

        return call

    assert together([often(forth), often(back)] * 4) == [None] * 8
    assert queries.versions(forth) == dict.fromkeys(forth, 160)


@pytest.mark.django_db
def test_topics_long_unchanged_are_forgotten_and_others_are_not():
    services.touch("note:1")
    now = timezone.now()
    assert services.prune(now) == 0
    assert services.prune(now + services.KEPT + services.KEPT) == 1


def test_fragments_are_made_in_the_viewers_language_and_zone(calls):
    assert testing.fragments("note:1", language="ar", zone="Asia/Tokyo") == {"note-1": "<p>1</p>"}
    assert calls == [("1", "ar", "Asia/Tokyo")]


def test_what_is_gone_has_no_fragments_and_does_not_harm_others(calls):
    assert rendering.fragments(["many:1", "many:gone"], UTC) == {
        "many:1": {"note-1": "<p>1</p>"},
        "many:gone": {},
    }


def test_many_who_ask_at_once_cost_one_rendering(calls):
    kept = rendering.Kept(most=2)
    for zone in ("UTC", "Asia/Tokyo", "UTC"):
        kept.fragments({"plain:1": 4}, rendering.Variant("en", zone))
    assert len(calls) == 1
    kept.fragments({"plain:1": 5}, UTC)
    kept.fragments({"note:1": 5}, UTC)
    kept.fragments({"note:1": 5}, rendering.Variant("ar", "UTC"))
    assert len(calls) == 4


def test_a_token_says_what_it_was_signed_for_and_nothing_else(calls, monkeypatch):
    watch = tokens.Watch(("note:1",), UTC)
    token = tokens.sign(watch)
    assert tokens.read(token) == watch
    others = tokens.sign(tokens.Watch(("note:2",), UTC))
    forged = others.partition(":")[0] + ":" + token.partition(":")[2]
    for bad in (forged, "", token[:-1], signing.dumps([["note:1"], "en", "UTC"], salt="convene.link")):
        with pytest.raises(BadLink):
            tokens.read(bad)
    monkeypatch.setattr(tokens, "MAX_AGE", -1)
    with pytest.raises(BadLink):
        tokens.read(token)


@pytest.mark.django_db
def test_two_topics_of_a_page_may_not_share_a_fragments_name(calls):
    with pytest.raises(ValueError, match="another topic's"):
        pages.region("note:1", "plain:1")


@pytest.mark.django_db
def test_who_asks_gets_the_topics_that_changed_and_then_nothing(client, calls, django_assert_num_queries):
    region = pages.region("note:1", "note:2")
    assert (region.version, region.fragments) == ("0.0", {"note-1": "<p>1</p>", "note-2": "<p>2</p>"})
    with django_assert_num_queries(1):
        assert ask(client, region.token, "0.0", if_none_match='"0.0"').status_code == 304
    services.touch("note:2")
    answer = ask(client, region.token, "0.0", if_none_match='"0.0"')
    assert answer.json() == {"version": "0.1", "fragments": {"note-2": "<p>2</p>"}}
    assert answer["ETag"] == '"0.1"'
    assert ask(client, region.token, "0.1", if_none_match='W/"0.1"').status_code == 304


@pytest.mark.django_db
@pytest.mark.parametrize("since", ["", "7", "x.y", "-1.0", "²." + "1"])
def test_who_does_not_say_what_they_have_gets_everything(client, calls, since):
    region = pages.region("note:1", "note:2")
    assert len(ask(client, region.token, since).json()["fragments"]) == 2


@pytest.mark.django_db
def test_a_wrong_token_is_refused(client, calls):
    assert ask(client, "wrong").status_code == 403
