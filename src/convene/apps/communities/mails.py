"""The mails of this app, each a row that a steward can read and stop before it leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from convene.apps.communities.models import Application, Community, Membership, RoleTerm
from convene.apps.people.models import Person
from convene.foundation.access import links
from convene.foundation.mail.models import MailMessage
from convene.foundation.mail.services import schedule_mail
from convene.foundation.mail.urls_absolute import absolute_to

INVITATION = "community-invitation"
INVITATION_KIND = "community_invitation"
REVIEW = "community-review"
RETURN = "community-return"
APPLICATION_CONFIRM = "application-confirm"
APPLICATION_FOLLOW = "application-follow"


@contextmanager
def in_language_of(person: Person, community: Community) -> Iterator[str]:
    language = person.language or community.language
    with translation.override(language):
        yield language


def _send(
    person: Person,
    community: Community,
    *,
    key: str,
    kind: str,
    words: Callable[[], tuple[str, list[str]]],
    now: datetime,
) -> None:
    """One mail in the reader's language; `words` gives subject and paragraphs. No address, no mail."""
    if not person.email:
        return
    with in_language_of(person, community) as language:
        subject, paragraphs = words()
        paragraphs.append(
            _("You get this mail because of the community “%(community)s” on Convene.")
            % {"community": community.name}
        )
        schedule_mail(
            key=key,
            kind=kind,
            person_id=person.pk,
            to_address=person.email,
            language=language,
            subject=subject,
            text="\n\n".join(paragraphs) + "\n",
            send_at=now,
            reply_to=community.contact,
            community_id=community.pk,
        )


def membership_link(name: str, purpose: str, membership: Membership) -> str:
    return absolute_to(name, links.sign(purpose, membership.pk, version_of(membership)))


def version_of(membership: Membership) -> int:
    """The link dies when it is spent, and with all links of the person; both numbers only rise."""
    return membership.link_version + membership.person.link_version


def send_invitation(membership: Membership, *, by: Person, now: datetime) -> None:
    community = membership.community

    def words() -> tuple[str, list[str]]:
        names = {"name": str(by), "community": community.name}
        return _("%(name)s invites you to “%(community)s”") % names, [
            _("%(name)s would like you in the community “%(community)s”.") % names,
            community.domain,
            _("Have a look and say yes or no here:")
            + "\n"
            + membership_link("membership_invited", INVITATION, membership),
        ]

    key = f"invitation:{membership.pk}:{membership.link_version}"
    _send(membership.person, community, key=key, kind=INVITATION_KIND, words=words, now=now)


def invited_since(community: Community, person: Person, since: datetime) -> bool:
    """Whether an invitation of this community left, or is to leave, to them after `since`."""
    rows = MailMessage.objects.filter(
        kind=INVITATION_KIND, community_id=community.pk, person=person, send_at__gt=since
    )
    return rows.exclude(state=MailMessage.State.CANCELLED).exists()


def send_review(membership: Membership, *, reminder: bool, now: datetime) -> None:
    community = membership.community

    def words() -> tuple[str, list[str]]:
        names = {"community": community.name}
        return _("“%(community)s”: still for you?") % names, [
            _("Once a year we ask everyone in “%(community)s” whether it is still for them.") % names,
            _("Stay, pause, or leave with our thanks; all three are fine:")
            + "\n"
            + membership_link("membership_review", REVIEW, membership),
            _("We will not ask again this year. If you do not answer, nothing changes.")
            if reminder
            else _("If you do not answer, nothing changes. We remind you once."),
        ]

    key = f"review:{membership.pk}:{membership.review_on}:{'again' if reminder else 'first'}"
    _send(membership.person, community, key=key, kind="still_for_you", words=words, now=now)


def send_thanks(membership: Membership, *, may_return: bool, now: datetime) -> None:
    community = membership.community

    def words() -> tuple[str, list[str]]:
        names = {"community": community.name}
        paragraphs = [
            _("You are no longer a member of “%(community)s”. Thank you for what you gave.") % names,
            _("Your record of what you attended stays yours."),
        ]
        if may_return:
            paragraphs.append(
                _("Should you want to come back within a year, this is the way in:")
                + "\n"
                + membership_link("membership_return", RETURN, membership)
            )
        elif membership.end_reason:
            paragraphs.insert(1, _("The reason given: %(reason)s") % {"reason": membership.end_reason})
        return _("Thank you from “%(community)s”") % names, paragraphs

    key = f"left:{membership.pk}"
    _send(membership.person, community, key=key, kind="membership_ended", words=words, now=now)


def send_role(term: RoleTerm, *, now: datetime) -> None:
    community = term.community

    def words() -> tuple[str, list[str]]:
        names = {"role": term.get_role_display(), "community": community.name}
        paragraphs = [_("You now have the role “%(role)s” in “%(community)s”.") % names]
        if term.planned_until:
            paragraphs.append(
                _("It is agreed until %(day)s.") % {"day": date_format(term.planned_until, "DATE_FORMAT")}
            )
        paragraphs.append(
            _("If you did not agree to this, tell the stewards, or end it yourself here:")
            + "\n"
            + absolute_to("my_membership", community.slug)
        )
        return _("Your role in “%(community)s”: %(role)s") % names, paragraphs

    _send(term.person, community, key=f"role:{term.pk}", kind="role_given", words=words, now=now)


def application_link(name: str, purpose: str, application: Application) -> str:
    return absolute_to(name, application_token(purpose, application))


def application_token(purpose: str, application: Application) -> str:
    return links.sign(purpose, application.pk, application.person.link_version)


def send_application_confirm(application: Application, *, now: datetime) -> None:
    community = application.community

    def words() -> tuple[str, list[str]]:
        names = {"community": community.name}
        return _("Please confirm your application to “%(community)s”") % names, [
            _("Someone, we think you, applied for membership of “%(community)s” with this address.") % names,
            _("It reaches the stewards once you confirm it here, within seven days:")
            + "\n"
            + application_link("application_confirm", APPLICATION_CONFIRM, application),
            _("If it was not you, do nothing; it will be deleted."),
        ]

    key = f"application-confirm:{application.pk}"
    _send(application.person, community, key=key, kind="application_confirm", words=words, now=now)


def send_application_received(application: Application, *, now: datetime) -> None:
    community = application.community

    def words() -> tuple[str, list[str]]:
        names = {"community": community.name}
        return _("Your application to “%(community)s” arrived") % names, [
            _("Stewards of “%(community)s” read it, each on their own, and decide within ten days.") % names,
            _("You can see where it stands, or withdraw it, here:")
            + "\n"
            + application_link("application_follow", APPLICATION_FOLLOW, application),
        ]

    key = f"application-received:{application.pk}"
    _send(application.person, community, key=key, kind="application_received", words=words, now=now)


def send_application_waiting(application: Application, reader: Person, *, now: datetime) -> None:
    community = application.community

    def words() -> tuple[str, list[str]]:
        names = {"community": community.name}
        return _("An application to “%(community)s” waits to be read") % names, [
            _("Someone applied for membership of “%(community)s”.") % names,
            _("Please read it before you talk about it with the others:")
            + "\n"
            + absolute_to("application_read", community.slug, application.pk),
        ]

    key = f"application-waiting:{application.pk}:{reader.pk}"
    _send(reader, community, key=key, kind="application_waiting", words=words, now=now)


def send_application_decided(application: Application, *, now: datetime) -> None:
    community = application.community

    def words() -> tuple[str, list[str]]:
        names = {"community": community.name}
        accepted = application.state == Application.State.ACCEPTED
        opening = (
            _("Welcome: you are now a member of “%(community)s”.")
            if accepted
            else _("Thank you for applying to “%(community)s”. The answer is: not now.")
        )
        if application.state == Application.State.REDIRECTED:
            opening = _("Thank you for applying to “%(community)s”. We think another place suits you better.")
        paragraphs = [opening % names, application.reason]
        if application.pointer:
            paragraphs.append(_("Where we would go:") + " " + application.pointer)
        paragraphs.append(absolute_to("community_page", community.slug))
        return _("Your application to “%(community)s”") % names, [text for text in paragraphs if text]

    key = f"application-decided:{application.pk}"
    _send(application.person, community, key=key, kind="application_decided", words=words, now=now)
