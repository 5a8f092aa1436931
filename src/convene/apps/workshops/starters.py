"""The six templates a workshop starts from: plain data, each with a time when it fits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from convene.apps.workshops.models import Workshop

K, R, A, D = Workshop.Kind, Workshop.Recording, Workshop.Audience, Workshop.Depth


class ItemKey(StrEnum):
    """Checklist items that other pages ask about."""

    CAPTIONS = "captions"
    ROOM = "room"
    BRIEF = "brief"
    PRE_READING = "pre_reading"
    INVITE = "invite"
    PEOPLE = "people"
    NOTES = "notes"
    LINK = "link"
    CASE = "case"


@dataclass(frozen=True)
class Item:
    key: ItemKey
    text: str | Promise
    lead_days: int
    working_days: bool = False


@dataclass(frozen=True)
class Starter:
    """`run_sheet`: one block a line, minutes then what happens; the minutes add up to `minutes`."""

    key: str
    name: str | Promise
    when: str | Promise
    kind: str
    minutes: int
    seats: int
    minimum: int
    recording: str
    audience: str
    depth: str
    description: str | Promise
    run_sheet: str | Promise
    checklist: tuple[Item, ...]


_CAPTIONS = Item(ItemKey.CAPTIONS, _("Order captions or an interpreter, if someone needs them"), 5, True)
_LINK = Item(ItemKey.LINK, _("Check the join link or the room"), 2)
_BRIEF = Item(ItemKey.BRIEF, _("Go through the plan with those who facilitate"), 3, True)
_INVITE = Item(ItemKey.INVITE, _("Invite those who should be in the room"), 14)

HOT_TOPIC = Starter(
    key="hot_topic",
    name=_("Hot topic"),
    when=_("Something has just come up and nobody has the answer yet."),
    kind=K.CONVERSATION,
    minutes=60,
    seats=12,
    minimum=4,
    recording=R.CHATHAM,
    audience=A.MEMBERS,
    depth=D.CONVERSE,
    description=_(
        "Something has come up in our work that none of us has solved yet. We bring what we know and what we "
        "do not know, hear everyone once, and leave with two or three questions worth pursuing."
    ),
    run_sheet=_(
        "5 Welcome, and what may leave the room\n"
        "10 What has come up: the facts as far as we have them\n"
        "15 Everyone once: what I see from where I stand\n"
        "20 Where we differ, and why\n"
        "10 What nobody knows yet, and who looks into it"
    ),
    checklist=(_INVITE, _CAPTIONS, _LINK),
)
PEER_ASSIST = Starter(
    key="peer_assist",
    name=_("Peer assist"),
    when=_("One of us has a real case and wants the experience of others."),
    kind=K.PEER_ASSIST,
    minutes=75,
    seats=8,
    minimum=4,
    recording=R.CLOSED,
    audience=A.MEMBERS,
    depth=D.WITH_HELP,
    description=_(
        "One of us brings a real case before deciding what to do. The others ask, tell what they have seen, "
        "and offer options. The person with the case decides what to take home."
    ),
    run_sheet=_(
        "5 Welcome: what is said here stays here\n"
        "10 The case, told by the person who has it\n"
        "15 Questions, to understand only\n"
        "25 What others have seen and done\n"
        "15 Options, and what speaks against each\n"
        "5 What the person with the case takes home"
    ),
    checklist=(
        Item(ItemKey.CASE, _("Agree with the person who brings the case on what is asked"), 7),
        _INVITE,
        _CAPTIONS,
        _LINK,
    ),
)
SKILLS = Starter(
    key="skills",
    name=_("Skills workshop"),
    when=_("People want to be able to do something they cannot do yet."),
    kind=K.SKILLS,
    minutes=120,
    seats=16,
    minimum=6,
    recording=R.CHATHAM,
    audience=A.MEMBERS,
    depth=D.WITH_HELP,
    description=_(
        "We practise together, with real material, until everyone has done it once. Bring a case of your own "
        "if you have one."
    ),
    run_sheet=_(
        "10 Welcome, and what each hopes to be able to do\n"
        "20 Show it once, slowly\n"
        "30 Try it in pairs\n"
        "10 Break\n"
        "30 Try it on your own material, help at hand\n"
        "15 What went wrong, and what helped\n"
        "5 What I do differently on Monday"
    ),
    checklist=(
        _INVITE,
        Item(ItemKey.PEOPLE, _("Find a second person to facilitate"), 14),
        Item(ItemKey.PRE_READING, _("Send the material to practise with"), 5, True),
        _CAPTIONS,
        _BRIEF,
        _LINK,
    ),
)
OPEN_TASTER = Starter(
    key="open_taster",
    name=_("Open taster"),
    when=_("People outside the community want to know what this is about."),
    kind=K.INFORMATIVE,
    minutes=60,
    seats=40,
    minimum=5,
    recording=R.OPEN,
    audience=A.EVERYONE,
    depth=D.AWARE,
    description=_(
        "For everyone who wants to know what we do and whether it concerns them. No preparation, no jargon, "
        "and plenty of time for questions."
    ),
    run_sheet=_(
        "5 Welcome, and who is here\n"
        "15 What we work on, in plain words\n"
        "10 One example from last month\n"
        "20 Your questions\n"
        "10 What next: enough for now, another session, or joining us"
    ),
    checklist=(
        _INVITE,
        _CAPTIONS,
        Item(ItemKey.PRE_READING, _("Put one page to read afterwards on the resources page"), 2),
        _LINK,
    ),
)
SHOW_AND_TELL = Starter(
    key="show_and_tell",
    name=_("Show-and-tell"),
    when=_("Several of us have tried something and want to show it."),
    kind=K.SHOW_AND_TELL,
    minutes=60,
    seats=30,
    minimum=5,
    recording=R.OPEN,
    audience=A.MEMBERS,
    depth=D.AWARE,
    description=_(
        "Three short showings of things that were tried, finished or not. Ten minutes each, then questions. "
        "What did not work is as welcome as what did."
    ),
    run_sheet=_(
        "5 Welcome\n"
        "15 First showing, with questions\n"
        "15 Second showing, with questions\n"
        "15 Third showing, with questions\n"
        "10 What we would like to see next"
    ),
    checklist=(
        Item(ItemKey.PEOPLE, _("Find three people who show something"), 10),
        _INVITE,
        _CAPTIONS,
        _LINK,
    ),
)
DEBRIEF = Starter(
    key="debrief",
    name=_("Debrief"),
    when=_("Something is over, and what it taught us should not be lost."),
    kind=K.DEBRIEF,
    minutes=60,
    seats=12,
    minimum=3,
    recording=R.CHATHAM,
    audience=A.MEMBERS,
    depth=D.CONVERSE,
    description=_(
        "We look back on something that is over: what we meant to do, what happened, why it differed, and "
        "what we keep or change. No blame; people did what made sense to them then."
    ),
    run_sheet=_(
        "5 Welcome, and why there is no blame here\n"
        "10 What we meant to do\n"
        "15 What happened, in the order it happened\n"
        "20 Why it differed\n"
        "10 What we keep, what we change, who tells whom"
    ),
    checklist=(_INVITE, _CAPTIONS, _LINK, Item(ItemKey.NOTES, _("Ask someone to take the notes"), 1)),
)

STARTERS: dict[str, Starter] = {
    starter.key: starter for starter in (HOT_TOPIC, PEER_ASSIST, SKILLS, OPEN_TASTER, SHOW_AND_TELL, DEBRIEF)
}


def starter_for(key: str) -> Starter:
    """The template of that key; the smallest one for a key nobody knows."""
    return STARTERS.get(key, HOT_TOPIC)
