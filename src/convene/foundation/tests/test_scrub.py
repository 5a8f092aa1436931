"""Taking a person out of what others wrote, and nothing else."""

from __future__ import annotations

import pytest

from convene.foundation.privacy.scrub import Traces

ADA = Traces("Ada Özgür", ("ada@example.org",))


def test_name_and_address_go_wherever_they_stand_as_such():
    text = "Ada Özgür (ADA@example.org) asks. Not hers: nada@example.org, Ada Özgürlü."
    assert ADA.scrubbed(text) == "— (—) asks. Not hers: nada@example.org, Ada Özgürlü."
    assert ADA.is_in("for Ada Özgür") and not ADA.is_in("for Ada")  # noqa: PT018  # two sides of one


@pytest.mark.parametrize("name", ["Workshop", "https", "session_id", "of the", "a", "Hope"])
def test_nobody_takes_words_out_of_what_others_wrote_by_calling_themselves_so(name):
    text = "Workshop of the year: Hope is a plan. https://example.org/a/Workshop"
    assert Traces(name, ("x@example.org",)).scrubbed(text) == text
    assert Traces(name, ()).words == ()


def test_links_still_lead_where_they_led():
    text = "Ada Özgür wrote https://example.org/Ada Özgür"
    two = Traces("Two Words", ()).scrubbed("See https://example.org/Two Words and Two Words")
    assert ADA.scrubbed(text).startswith("— wrote https://example.org/Ada")
    assert two == "See https://example.org/Two Words and —"


def test_what_machines_read_keeps_its_keys():
    two = Traces("Session Kind", ("kind@example.org",))
    value = {"Session Kind": ["Session Kind", 3, None, {"to": "kind@example.org"}]}
    assert two.scrubbed_json(value) == {"Session Kind": ["—", 3, None, {"to": "—"}]}
