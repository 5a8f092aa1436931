"""Nothing held on a person is forgotten when they ask for it, or ask to be forgotten."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from convene.foundation.privacy import registered

PERSONS_OWN = {
    settings.AUTH_USER_MODEL,
    "seats.Registration",
    "communities.Membership",
    "communities.Application",
    "rooms.Participant",
}
"""Rows that are about one person: whoever points at them is about that person too."""

# Point at someone and need no eraser of their own. Each says why.
NEEDS_NONE = {
    "jobs.WorkerBeat": "of machines",
    "jobs.SweepRun": "of machines",
}
# Point at nobody and hold words, of things and not of people. Each says what words.
WORDS_OF_THINGS = {
    "communities.Organisation": "its name",
    "communities.TraitQuestion": "what the community asks, and the answers to choose from",
    "capabilities.Need": "what there is to learn; who asked is in its sources",
    "capabilities.Outcome": "what there is to be able to do",
    "stewardship.Audience": "a kind of people, nobody by name",
    "stewardship.Spread": "figures by organisation, never below five",
    "workshops.Series": "a title and a rule",
    "workshops.Session": "a place and a link",
    "workshops.MissingView": "a view that is missing, which is nobody's",
    "workshops.Slot": "a time zone",
    "live.LiveTopic": "a kind and an id",
    "live.Sending": "a digest of a random key that is kept nowhere",
    "seats.Pool": "whom it is for",
    "rooms.Group": "the name and the link of a table",
    "seats.Quota": "a value of a question",
    "voices.PulseItem": "what is asked",
    "voices.PulseAnswer": "what someone answered, kept without any link to who it was",
    "voices.Invitation": "a hash of a code, without any link to who got it",
    "voices.OpinionMap": "counts of five or more, and numbers of statements",
    "attendance.Feedback": "what should change, kept without any link to who said it",
    "equity.Publication": "counts of people who were no members",
    "connections.Picture": "groups of five or more, and names of organisations",
    "equity.EquityTable": "counts by answer, small ones hidden",
    "notices.NoticeText": "what a steward has a notice say",
}
# Of the libraries: nothing of a person in them.
LIBRARIES = {"auth.Permission", "auth.Group", "contenttypes.ContentType", "socialaccount.SocialApp"}
_SHORT = 30
"""A text field this short holds a value of a closed list, or a code: nobody's words."""


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if label(model) not in {*NEEDS_NONE, *LIBRARIES}]


def label(model: type[models.Model]) -> str:
    return model._meta.label


def points_at_a_person(model: type[models.Model]) -> bool:
    if label(model) in PERSONS_OWN:
        return True
    for field in model._meta.get_fields():
        if not getattr(field, "concrete", False):
            continue
        related = field.related_model
        if related is not None and not isinstance(related, str) and label(related) in PERSONS_OWN:
            return True
        if field.name in {"person_id", "actor_id"}:
            return True
    return False


def holds_words(model: type[models.Model]) -> list[str]:
    """Its fields that can hold a name, an address or someone's own words."""
    found = []
    for field in model._meta.get_fields():
        if not getattr(field, "concrete", False) or getattr(field, "choices", None):
            continue
        long = isinstance(field, models.CharField) and (field.max_length or 999) > _SHORT
        words = isinstance(field, models.TextField | models.EmailField | models.JSONField | models.FileField)
        if (long and not isinstance(field, models.SlugField)) or words:
            found.append(field.name)
    return found


KNOWN = {entry.model for entry in registered()}


@pytest.mark.parametrize("model", ours(), ids=label)
def test_each_model_about_a_person_is_exported_and_erased(model):
    assert not points_at_a_person(model) or label(model) in KNOWN, "register it with foundation.privacy"


@pytest.mark.parametrize("model", ours(), ids=label)
def test_each_model_with_words_is_erased_or_holds_no_persons_words(model):
    about_things = label(model) in WORDS_OF_THINGS
    assert not holds_words(model) or label(model) in KNOWN or about_things, holds_words(model)


def test_the_exceptions_are_models_that_exist_and_are_exceptions():
    labels = {label(model) for model in apps.get_models()}
    exceptions = {*NEEDS_NONE, *WORDS_OF_THINGS, *LIBRARIES}
    assert sorted(exceptions - labels) == []
    assert sorted(exceptions & KNOWN) == []


def test_each_registration_is_of_a_model_and_says_why_in_words():
    labels = {label(model) for model in apps.get_models()}
    assert [entry.model for entry in registered() if entry.model not in labels] == []
    assert [entry.model for entry in registered() if str(entry.why).count(" ") < 2] == []
