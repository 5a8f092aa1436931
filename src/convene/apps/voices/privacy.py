"""What inquiries hold of a person: found by their keys, for no row points at anyone."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from convene.apps.voices import keys
from convene.apps.voices.models import Ballot, Inquiry, OpenExport, Pulse, PulseAsk, Statement, Vote
from convene.foundation.privacy import Rows, register


def _voters(person_id: UUID) -> Iterator[keys.Voter]:
    for salt in Inquiry.objects.order_by("pk").values_list("salt", flat=True).iterator():
        yield keys.of_person(person_id, salt)


def _keys(person_id: UUID) -> list[UUID]:
    return [key for voter in _voters(person_id) for key in voter.keys]


def _authors(person_id: UUID) -> list[UUID]:
    return [key for voter in _voters(person_id) for key in voter.authors]


def _export_votes(person_id: UUID) -> Rows:
    rows = Vote.objects.filter(ballot__key__in=_keys(person_id)).select_related("statement__inquiry")
    return [
        {
            "question": row.statement.inquiry.question,
            "statement": row.statement.text,
            "vote": row.get_value_display(),
        }
        for row in rows
    ]


def _export_ballots(person_id: UUID) -> Rows:
    rows = Ballot.objects.filter(key__in=_keys(person_id)).select_related("inquiry")
    return [{"question": row.inquiry.question} for row in rows]


def _erase_ballots(person_id: UUID) -> None:
    """Their votes go with them; what was released stays as it was told, and follows with the next batch."""
    Ballot.objects.filter(key__in=_keys(person_id)).delete()


def _erase_votes(_person_id: UUID) -> None:
    """They went with the ballot."""


def _export_statements(person_id: UUID) -> Rows:
    rows = Statement.objects.filter(author_key__in=_authors(person_id)).select_related("inquiry")
    return [{"question": row.inquiry.question, "text": row.text, "state": row.state} for row in rows]


def _erase_statements(person_id: UUID) -> None:
    """What nobody has voted on goes; what others voted on stays without a way to its author."""
    mine = Statement.objects.filter(author_key__in=_authors(person_id))
    mine.filter(votes=None).delete()
    mine.update(author_key=None)


def _export_inquiries(person_id: UUID) -> Rows:
    rows = Inquiry.objects.filter(created_by_id=person_id)
    return [dict(row) for row in rows.values("question", "intro", "state", "created_at")]


def _erase_inquiries(person_id: UUID) -> None:
    Inquiry.objects.filter(created_by_id=person_id).update(created_by=None)


def _export_asks(person_id: UUID) -> Rows:
    rows = PulseAsk.objects.filter(person_id=person_id)
    return [dict(row) for row in rows.values("pulse__session_id", "asked_on", "answered")]


def _erase_asks(person_id: UUID) -> None:
    """Answers have no name and stay."""
    PulseAsk.objects.filter(person_id=person_id).delete()


def _export_pulses(person_id: UUID) -> Rows:
    return [
        dict(row) for row in Pulse.objects.filter(created_by_id=person_id).values("kind", "state", "reply")
    ]


def _erase_pulses(person_id: UUID) -> None:
    Pulse.objects.filter(created_by_id=person_id).update(created_by=None)


def _export_open_exports(person_id: UUID) -> Rows:
    rows = OpenExport.objects.filter(made_by_id=person_id)
    return [dict(row) for row in rows.values("inquiry__question", "made_at", "applied_at")]


def _erase_open_exports(person_id: UUID) -> None:
    OpenExport.objects.filter(made_by_id=person_id).update(made_by=None)


def register_all() -> None:
    register(
        "voices.OpenExport",
        label=_("Exports of other conversations you brought in"),
        why=_("So that stewards know who brought them in."),
        stays=_("That it was brought in, without your name."),
        export=_export_open_exports,
        erase=_erase_open_exports,
    )
    register(
        "voices.PulseAsk",
        label=_("When you were asked how it was"),
        why=_("So that you are asked at most once a month. It says whether you answered, never what."),
        export=_export_asks,
        erase=_erase_asks,
    )
    register(
        "voices.Pulse",
        label=_("Pulses you started"),
        why=_("So that stewards know who asked."),
        stays=_("What was asked and replied, without your name."),
        export=_export_pulses,
        erase=_erase_pulses,
    )
    register(
        "voices.Ballot",
        label=_("Inquiries you voted in"),
        why=_("So that you find your votes again and each person has one ballot. It holds no name."),
        export=_export_ballots,
        erase=_erase_ballots,
    )
    register(
        "voices.Vote",
        label=_("How you voted"),
        why=_("To show what people think, in counts of five or more."),
        export=_export_votes,
        erase=_erase_votes,
    )
    register(
        "voices.Statement",
        label=_("Statements you added"),
        why=_("So that others can vote on them. They hold no name."),
        stays=_("A statement others voted on, without a way to you."),
        export=_export_statements,
        erase=_erase_statements,
    )
    register(
        "voices.Inquiry",
        label=_("Inquiries you started"),
        why=_("So that stewards know who put a question."),
        stays=_("The question, without your name."),
        export=_export_inquiries,
        erase=_erase_inquiries,
    )
