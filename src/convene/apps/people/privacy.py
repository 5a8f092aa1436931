"""What the site holds on a person in people, the login library and the foundation: export and erase."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from convene.apps.people.rules import PURPOSE_WORDS, Purpose
from convene.foundation import privacy
from convene.foundation.privacy import Rows
from convene.foundation.privacy.scrub import Traces


def traces_of(person_id: UUID) -> Traces:
    """Their name, and every address that is or was being made theirs."""
    from allauth.account.models import EmailAddress

    from convene.apps.people.models import Person

    name, email = Person.objects.values_list("name", "email").get(pk=person_id)
    addresses = {email or "", *EmailAddress.objects.filter(user_id=person_id).values_list("email", flat=True)}
    return Traces(name=name, addresses=tuple(sorted(a.lower() for a in addresses if a)))


def _export_person(person_id: UUID) -> Rows:
    from convene.apps.people.models import Person

    fields = ("name", "email", "zone", "language", "decent_from", "decent_until", "offers", "wants")
    person = Person.objects.get(pk=person_id)
    row: dict[str, Any] = {name: str(getattr(person, name) or "") for name in fields}
    row["speaks"] = ", ".join(person.speaks)
    row |= {name: f"{getattr(person, name):%H:%M}" for name in ("decent_from", "decent_until")}
    row["known_since"] = person.created_at.isoformat()
    row["last_login"] = person.last_login.isoformat() if person.last_login else None
    return [row]


def _erase_person(person_id: UUID) -> None:
    from django.db.models import F
    from django.utils import timezone

    from convene.apps.people.models import Person

    Person.objects.filter(pk=person_id).update(
        email=None,
        name="",
        password="!",  # noqa: S106  # Django's mark for "no password can match"
        zone="",
        language="",
        speaks=[],
        offers="",
        wants="",
        is_active=False,
        is_site_admin=False,
        last_login=None,
        link_version=F("link_version") + 1,
        erased_at=timezone.now(),
    )


def _export_consents(person_id: UUID) -> Rows:
    from convene.apps.people.models import Consent

    return [
        {
            "purpose": consent.purpose,
            "what": str(PURPOSE_WORDS[Purpose(consent.purpose)].title),
            "scope": str(consent.scope_id) if consent.scope_id else None,
            "given_at": consent.given_at.isoformat(),
            "withdrawn_at": consent.withdrawn_at.isoformat() if consent.withdrawn_at else None,
        }
        for consent in Consent.objects.filter(person_id=person_id).order_by("given_at")
    ]


def _export_needs(person_id: UUID) -> Rows:
    from convene.apps.people.models import AccessNeed

    return [
        {
            "kind": need.kind,
            "what": need.words,
            "detail": need.detail,
            "workshop": str(need.scope_id) if need.scope_id else None,
            "kept_until": need.expires_on.isoformat(),
        }
        for need in AccessNeed.objects.filter(person_id=person_id).order_by("created_at")
    ]


def _export_need_views(person_id: UUID) -> Rows:
    from convene.apps.people import queries
    from convene.apps.people.models import Person

    return [
        {"seen_by": str(view.viewer), "at": view.at.isoformat(), "workshop": str(view.workshop_id)}
        for view in queries.looks_at_needs(Person(pk=person_id))
    ]


def _export_addresses(person_id: UUID) -> Rows:
    from allauth.account.models import EmailAddress

    return list(EmailAddress.objects.filter(user_id=person_id).values("email", "verified", "primary"))


def _export_social(person_id: UUID) -> Rows:
    from allauth.socialaccount.models import SocialAccount

    return [
        {"provider": account.provider, "uid": account.uid, "told_us": account.extra_data}
        for account in SocialAccount.objects.filter(user_id=person_id)
    ]


def _export_passkeys(person_id: UUID) -> Rows:
    from allauth.mfa.models import Authenticator

    return [
        {
            "name": str(key),
            "added_at": key.created_at.isoformat(),
            "last_used_at": key.last_used_at.isoformat() if key.last_used_at else None,
        }
        for key in Authenticator.objects.filter(user_id=person_id)
    ]


def sessions_of(person_id: UUID) -> list[Any]:
    """Sign-ins of the person, and half-finished ones that hold their address. Reads every session: rare."""
    from django.contrib.sessions.models import Session

    traces = traces_of(person_id)
    found = []
    for session in Session.objects.iterator():
        text = str(session.get_decoded())
        if str(person_id) in text or person_id.hex in text or traces.is_in(text):
            found.append(session)
    return found


def _export_sessions(person_id: UUID) -> Rows:
    return [{"signed_in_until": session.expire_date.isoformat()} for session in sessions_of(person_id)]


def _erase_sessions(person_id: UUID) -> None:
    for session in sessions_of(person_id):
        session.delete()


def _export_mail(person_id: UUID) -> Rows:
    from convene.foundation.mail import privacy as mail_privacy

    return mail_privacy.export(person_id, traces_of(person_id))


def _erase_mail(person_id: UUID) -> None:
    from convene.foundation.mail import privacy as mail_privacy

    mail_privacy.forget(person_id, traces_of(person_id))


def _export_audit(person_id: UUID) -> Rows:
    from django.db.models import Q

    from convene.foundation.audit.models import AuditEntry

    entries = AuditEntry.objects.filter(Q(actor_id=person_id) | Q(subject_id=person_id)).order_by("at")
    return [{"what": entry.name, "at": entry.at.isoformat(), "details": entry.payload} for entry in entries]


def _erase_due_jobs(person_id: UUID) -> None:
    from convene.foundation.jobs import privacy as jobs_privacy

    jobs_privacy.forget_in_due_jobs(traces_of(person_id))


def _erase_task_results(person_id: UUID) -> None:
    from convene.foundation.jobs import privacy as jobs_privacy

    jobs_privacy.forget_in_task_results(traces_of(person_id))


def _nothing(_person_id: UUID) -> Rows:
    return []


def _keep(_person_id: UUID) -> None:
    """Ids only: nothing in it names anyone."""


def _delete(model: str, field: str) -> privacy.Erase:
    def erase(person_id: UUID) -> None:
        from django.apps import apps

        apps.get_model(model)._default_manager.filter(**{field: person_id}).delete()  # noqa: SLF001  # Django's documented way to a model's manager

    return erase


def register_all() -> None:
    """Once, when Django is ready. What looks for addresses comes before what deletes them."""
    _register_foundation()
    _register_login()
    _register_people()


def _register_foundation() -> None:
    privacy.register(
        "mail.MailMessage",
        label=_("Mails to you"),
        why=_("So that every mail leaves once, and can be read again when you ask what we wrote."),
        stays=_("That a mail of some kind left on some day, without address and text."),
        export=_export_mail,
        erase=_erase_mail,
    )
    privacy.register(
        "jobs.DueJob",
        label=_("Things that happen at a time"),
        why=_("Reminders and deadlines; they hold numbers, never your name."),
        stays=_("The list of reminders, by number."),
        export=_nothing,
        erase=_erase_due_jobs,
    )
    privacy.register(
        "django_tasks_database.DBTaskResult",
        label=_("Work in the queue"),
        why=_("What the site does in the background; it holds numbers, never your name."),
        stays=_("The list of finished work, by number."),
        export=_nothing,
        erase=_erase_task_results,
    )
    privacy.register(
        "audit.AuditEntry",
        label=_("What was done, and when"),
        why=_("So that anyone can check later how a decision came about. It holds numbers, never your name."),
        stays=_("The steps, by a number that no longer leads to anyone."),
        export=_export_audit,
        erase=_keep,
    )
    privacy.register(
        "sessions.Session",
        label=_("Where you are signed in"),
        why=_("To know on the next page who you are."),
        export=_export_sessions,
        erase=_erase_sessions,
    )


def _register_login() -> None:
    privacy.register(
        "account.EmailAddress",
        label=_("Your mail addresses"),
        why=_("To write to you, and to let you in by a code."),
        export=_export_addresses,
        erase=_delete("account.EmailAddress", "user_id"),
    )
    privacy.register(
        "account.EmailConfirmation",
        label=_("Addresses being confirmed"),
        why=_("To know that a new address is yours."),
        export=_nothing,
        erase=_delete("account.EmailConfirmation", "email_address__user_id"),
    )
    privacy.register(
        "socialaccount.SocialAccount",
        label=_("Sign-in with your organisation"),
        why=_("To let you in with your organisation's account."),
        export=_export_social,
        erase=_delete("socialaccount.SocialAccount", "user_id"),
    )
    privacy.register(
        "socialaccount.SocialToken",
        label=_("Keys from your organisation's sign-in"),
        why=_("To let you in with your organisation's account."),
        export=_nothing,
        erase=_delete("socialaccount.SocialToken", "account__user_id"),
    )
    privacy.register(
        "mfa.Authenticator",
        label=_("Passkeys"),
        why=_("To let you in without a code. The secret half stays on your device."),
        export=_export_passkeys,
        erase=_delete("mfa.Authenticator", "user_id"),
    )


def _register_people() -> None:
    privacy.register(
        "people.Consent",
        label=_("What you said yes to"),
        why=_("So that nothing is done with your data that you did not agree to."),
        export=_export_consents,
        erase=_delete("people.Consent", "person_id"),
    )
    privacy.register(
        "people.AccessNeed",
        label=_("Access needs"),
        why=_("So that those who run a workshop can arrange what you need."),
        export=_export_needs,
        erase=_delete("people.AccessNeed", "person_id"),
    )
    privacy.register(
        "people.AccessNeedView",
        label=_("Who saw your access needs"),
        why=_("So that you can check who looked."),
        stays=_("Where you looked at someone else's needs, they still see that someone did."),
        export=_export_need_views,
        erase=_delete("people.AccessNeedView", "owner_id"),
    )
    privacy.register(
        "people.Person",
        label=_("Your profile"),
        why=_("To call you by your name, in your language, in your time zone."),
        stays=_("An empty row, so that counts stay true."),
        export=_export_person,
        erase=_erase_person,
    )
