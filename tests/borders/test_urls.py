"""Who gets past which address. A new one is shut to outsiders, or stands on a list here with its reason.

A matrix of every address, on real rows of one community, for: nobody, someone signed in who belongs
nowhere, the steward of another community, and those who belong. Nobody crosses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from convene.apps.people.models import Person
from tests.world import Address, World, addresses, make_world, url_of

pytestmark = pytest.mark.django_db
Visits = list[tuple[str | None, Client, str]]

PUBLIC = {
    "alive": "for whoever watches the site",
    "home": "the front door",
    "privacy": "what it keeps of whom",
    "about": "what this site is",
    "open_list": "what's open",
    "open_calendar": "what's open, to subscribe to",
    "community_calendar": "a community's open sessions",
    "inquiry_invited": "typing an invitation needs no account",
    "workshop_page": "a published workshop",
    "workshop_calendar": "a published workshop's sessions",
    "workshop_resources": "where the recording mode allows, those without a seat see them",
    "series_page": "the published dates of a series, and asking for several",
    "series_asked": "what happens next",
    "seat_ask": "asking for a seat needs no account",
    "seat_asked": "what happens next",
    "seat_draw": "how a draw stands and was made, for everyone who may see the workshop",
    "seat_draw_file": "the public record of a draw",
    "fair_draw": "what makes a draw fair",
    "draw_verifier": "the program that checks a record",
    "community_page": "a community and whom it is for",
    "charter": "a community's charter",
    "charter_version": "a community's charter as it was",
    "apply": "applying for membership needs no account",
    "apply_sent": "what happens next",
    "conduct_report": "anyone reports, also without account or name",
    "conduct_answers": "whoever reported reads the answer by the code they were given",
    "need_ask": "outsiders ask for a session with name and mail",
    "need_asked": "what happens next",
    "room_code": "typing the code on the wall",
    "here": "arriving by the code on the wall",
    "set_language": "the reader's language",
    "patterns": "the design system: made-up content",
    "erased": "goodbye, after erasing oneself",
    "account_login": "signing in",
    "account_signup": "signing in for the first time",
    "account_logout": "signing out",
    "account_request_login_code": "signing in",
    "account_confirm_login_code": "signing in",
    "account_email_verification_sent": "signing in",
    "account_inactive": "signing in, refused",
    "mfa_login_webauthn": "signing in by passkey",
    "openid_connect_login": "signing in by an organisation's account",
    "openid_connect_callback": "signing in by an organisation's account",
    "socialaccount_login_cancelled": "signing in, stopped",
    "socialaccount_login_error": "signing in, failed",
    "socialaccount_signup": "signing in for the first time",
    "mfa_authenticate": "signing in, second step",
}
SIGNED_IN = {
    "my_calendar": "one's own calendar",
    "my_needs": "one's own",
    "my_connections": "one's own",
    "stop_sharing_contact": "one's own",
    "exchange_contact": "one's own",
    "switch_introductions": "one's own",
    "answer_introduction": "one's own",
    "my_profile": "one's own",
    "my_data": "one's own",
    "my_data_file": "one's own",
    "my_sign_in": "one's own",
    "my_seats": "one's own",
    "my_weight": "one's own",
    "my_sessions_file": "one's own",
    "my_record": "one's own",
    "my_traits": "one's own",
    "start": "starting a community",
    "sign_out_everywhere": "one's own",
    "remove_organisation": "one's own",
    "mfa_remove_webauthn": "one's own",
    "erase_me": "one's own",
    "account_email": "one's own",
    "account_reauthenticate": "one's own",
    "mfa_index": "one's own",
    "mfa_list_webauthn": "one's own",
    "mfa_add_webauthn": "one's own",
    "mfa_reauthenticate": "one's own",
    "socialaccount_connections": "one's own",
}
DEMO = {"demo", "demo_enter", "demo_mailbox"}
"""Shut but in demo mode; web/tests/test_demo.py."""
HARMLESS = {
    "need_leave": "leaving what one never joined changes nothing",
    "inquiry": "leads to where an invitation is typed",
}
"""Answer an outsider with a redirect, and do nothing."""
NOBODY_HERE = {
    "inquiry_short": "the code in this world is nobody's",
    "equity_table": "only after figures were published",
    "resource_file": "the resource of this world is a link",
    "seat_draw_witness": "only a witness, and this world has none",
    "seat_draw_audit": "only the named auditor, and this world has none",
    "certificate": "only after the workshop was held",
    "phone_notes_part": "only for who was in the room, and in this world nobody was",
    "phone_notes_line": "only for who was in the room",
    "groups_print": "only after groups were made",
    "groups_file": "only after groups were made",
    "certificate_pdf": "only after the workshop was held",
}
"""Not opened by anyone in this world, so that only the refusals are tested."""
SHUT = {403, 404, 405, 410}
BELONG = ("steward", "facilitator", "helper", "member", "owner", "contact")
OUTSIDE = ("stranger", "other_steward")


def by_link(address: Address) -> bool:
    return "token" in address.parameters


def within() -> list[Address]:
    """What is neither public, nor anyone's own, nor by a signed link."""
    listed = {*PUBLIC, *SIGNED_IN, *DEMO}
    return [address for address in addresses() if address.name not in listed and not by_link(address)]


def client_of(person: Person | None) -> Client:
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return client


def to_login(response: Any) -> bool:
    return response.status_code == 302 and response["Location"].startswith("/account/")


def digest() -> dict[str, str]:
    """Every table but those that a mere visit may write."""
    visits = {"django_session", "convene_cache"}
    found = {}
    with connection.cursor() as cursor:
        for name in set(connection.introspection.table_names(cursor)) - visits:
            cursor.execute(f'SELECT * FROM "{name}"')
            found[name] = hashlib.sha256(repr(sorted(map(repr, cursor.fetchall()))).encode()).hexdigest()
    return found


def visited(
    chosen: Iterable[Address], names: tuple[str | None, ...]
) -> Iterator[tuple[Address, World, Visits]]:
    """Each address in a world of its own; the visitors are signed in before anything is looked at."""
    world = make_world()
    clients = {name: client_of(world.people[name] if name else None) for name in names}
    for address in chosen:
        with transaction.atomic():
            url = url_of(address, world)
            yield address, world, [(name, client, url) for name, client in clients.items()]
            transaction.set_rollback(True)
        # Rows made for this address are gone with it.
        world.rows = {
            label: row for label, row in world.rows.items() if type(row)._default_manager.filter(pk=row.pk)
        }


def test_each_address_has_a_name_and_the_lists_name_only_what_exists():
    names = [address.name for address in addresses()]
    assert [name for name in names if not name] == []
    # What depends on settings may be absent.
    optional = {"socialaccount_signup", "mfa_authenticate", "mfa_reauthenticate", "account_reauthenticate"}
    listed = {*PUBLIC, *SIGNED_IN, *DEMO, *NOBODY_HERE, *HARMLESS}
    assert sorted(listed - set(names) - optional) == []


def test_nobody_and_no_outsider_gets_in_and_what_they_post_changes_nothing():
    crossed = []
    for address, _world, visits in visited(within(), (None, *OUTSIDE)):
        before = digest()
        for name, client, url in visits:
            for method in ("get", "post"):
                response = getattr(client, method)(url)
                harmless = address.name in HARMLESS and response.status_code == 302
                shut = response.status_code in SHUT or (name is None and to_login(response)) or harmless
                if not shut:
                    crossed.append((address.name, name, method, response.status_code))
        if digest() != before:
            crossed.append((address.name, "changed something"))
    assert not crossed, "\n" + "\n".join(map(str, crossed))


def test_someone_who_belongs_gets_in():
    """Else the refusals of the test above would prove nothing."""
    closed = []
    for address, _world, visits in visited(within(), BELONG):
        answers = {name: client.get(url).status_code for name, client, url in visits}
        let_in = {200, 302, 405} & set(answers.values())
        if max(answers.values()) >= 500 or not (let_in or address.name in NOBODY_HERE):
            closed.append((address.name, answers))
    assert not closed, "\n" + "\n".join(map(str, closed))


def test_what_is_ones_own_is_shown_to_nobody_else():
    own = [address for address in addresses() if address.name in SIGNED_IN]
    # Two of the library's pages lead to ours, which asks for the login.
    leads_on = {"mfa_index", "mfa_list_webauthn", "socialaccount_connections"}
    open_to_all = []
    for address, _world, visits in visited(own, (None,)):
        for _name, client, url in visits:
            response = client.get(url, follow=address.name in leads_on)
            asked = response.redirect_chain[-1][0] if address.name in leads_on else None
            shut = (
                to_login(response)
                or response.status_code == 405
                or (asked or "").startswith("/account/login/")
            )
            if not shut:
                open_to_all.append((address.name, response.status_code))
    assert not open_to_all, "\n" + "\n".join(map(str, open_to_all))


def test_a_wrong_link_opens_nothing_and_changes_nothing():
    opened = []
    links = [address for address in addresses() if by_link(address)]
    for address, _world, visits in visited(links, (None, "other_steward")):
        before = digest()
        for name, client, url in visits:
            for method in ("get", "post"):
                response = getattr(client, method)(url)
                if not (response.status_code in {*SHUT, 400} or to_login(response)):
                    opened.append((address.name, name, method, response.status_code))
        if digest() != before:
            opened.append((address.name, "changed something"))
    assert not opened, "\n" + "\n".join(map(str, opened))


def test_a_public_address_answers_anyone():
    failed = []
    public = [address for address in addresses() if address.name in PUBLIC]
    for address, _world, visits in visited(public, (None, "stranger")):
        failed += [(address.name, name) for name, client, url in visits if client.get(url).status_code >= 500]
    assert not failed, "\n" + "\n".join(map(str, failed))
