from __future__ import annotations

import pytest

from convene.apps.notices import rules
from convene.apps.notices.rules import NoticeKind
from convene.apps.notices.texts import default_text
from convene.foundation.errors import RuleBroken


@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if kind != NoticeKind.LETTER])
def test_our_own_words_use_only_placeholders_we_can_fill(kind):
    subject, text = default_text(kind)
    rules.check_text(subject, field="subject")
    rules.check_text(text, field="text")


def test_an_unknown_placeholder_is_named_beside_its_field():
    with pytest.raises(RuleBroken) as broken:
        rules.check_text("Hello {nmae}", field="text")
    assert broken.value.field == "text"
    assert "{nmae}" in str(broken.value.public_message)


def test_a_line_whose_only_word_is_empty_is_left_out():
    text = "Hello {name}\nWhere: {where}\nSee {link}"
    assert rules.fill(text, {"name": "Amina", "where": "", "link": "x"}) == "Hello Amina\nSee x"


def test_what_stands_in_a_value_is_not_filled_again():
    assert rules.fill("Hello {name}", {"name": "{link}", "link": "secret"}) == "Hello {link}"


def test_every_notice_says_when_and_to_whom():
    assert all(str(rule.when) and str(rule.who) for rule in rules.RULES)
    assert len(rules.BY_KIND) == len(rules.RULES)
