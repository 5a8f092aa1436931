"""Sign-in with one's organisation, against a real OpenID Connect provider in a process of its own."""

from __future__ import annotations

import base64
import hashlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount

from convene.apps.people.models import Person
from convene.foundation.mail.models import MailMessage
from tests.makers import make_account, make_person

pytestmark = pytest.mark.django_db
LOGIN, CALLBACK = "/account/oidc/sso/login/", "/account/oidc/sso/login/callback/"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, "the provider did not start"
        try:
            requests.get(f"{address}/.well-known/openid-configuration", timeout=2).raise_for_status()
        except requests.RequestException:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the provider does not answer")


@pytest.fixture(autouse=True)
def _configured(provider, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "sso",
                    "name": "Six Hospitals",
                    "client_id": "convene",
                    "secret": "secret",
                    "settings": {"server_url": provider},
                }
            ],
        }
    }


@pytest.fixture
def sign_in(provider, client):
    """Go to the provider as `sub`, who has these claims, and come back."""

    def go(sub: str, *, process: str = "login", **claims):
        requests.put(f"{provider}/users/{sub}", json=claims, timeout=10).raise_for_status()
        there = client.get(LOGIN, {"process": process, "next": claims.pop("next", "")})
        assert there.url.startswith(provider)
        back = requests.post(there.url, data={"sub": sub}, allow_redirects=False, timeout=10)
        target = urlsplit(back.headers["Location"])
        assert (target.netloc, target.path) == ("testserver", CALLBACK)
        return client.get(f"{target.path}?{target.query}")

    return go


def signed_in(client) -> str | None:
    return client.session.get("_auth_user_id")


def test_the_way_to_the_provider_carries_a_challenge_that_only_this_browser_can_answer(client, provider):
    asked = parse_qs(urlsplit(client.get(LOGIN).url).query)
    assert asked["code_challenge_method"] == ["S256"]
    [(state, *_rest)] = client.session["socialaccount_states"].values()
    digest = hashlib.sha256(state["pkce_code_verifier"].encode()).digest()
    assert asked["code_challenge"] == [base64.urlsafe_b64encode(digest).decode().rstrip("=")]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}


def test_someone_new_gets_an_account_with_the_address_their_organisation_vouches_for(client, sign_in):
    answer = sign_in("n1", email="Noor@Hospital.example", email_verified=True, name="Noor  Haddad")
    assert answer.url == "/"
    person = Person.objects.get()
    assert (person.name, person.email, signed_in(client)) == (
        "Noor Haddad",
        "noor@hospital.example",
        str(person.pk),
    )
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("noor@hospital.example", True)]
    assert not person.has_usable_password()


def test_someone_who_registered_before_is_the_same_person(client, sign_in):
    person = make_person("Ola", email="ola@hospital.example")
    sign_in("o1", email="ola@hospital.example", email_verified=True, name="Ola Nordmann")
    assert signed_in(client) == str(person.pk)
    assert Person.objects.count() == 1
    assert SocialAccount.objects.get().user_id == person.pk
    assert EmailAddress.objects.get().verified


def test_an_account_is_linked_by_its_vouched_for_address_keeps_its_name_and_is_told(client, sign_in):
    person = make_account("Ada", email="ada@hospital.example")
    sign_in("a1", email="ada@hospital.example", email_verified=True, name="Someone Else")
    assert signed_in(client) == str(person.pk)
    assert Person.objects.get().name == "Ada"
    assert MailMessage.objects.get().kind == "login_account_connected"
    client.logout()
    sign_in("a1", email="ada@hospital.example", email_verified=True)
    assert signed_in(client) == str(person.pk)
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize("verified", [False, "false", None])
def test_an_address_nobody_vouches_for_links_to_no_one_and_makes_no_one(client, sign_in, verified):
    make_account("Ada", email="ada@hospital.example")
    answer = sign_in("m1", email="ada@hospital.example", email_verified=verified, name="Mallory")
    assert answer.url == "/account/login/"
    assert not signed_in(client)
    assert not SocialAccount.objects.exists()
    assert Person.objects.count() == 1
    sign_in("m2", email="new@hospital.example", email_verified=verified)
    assert Person.objects.count() == 1


def test_a_provider_that_tells_no_address_lets_nobody_in(client, sign_in):
    assert sign_in("x1", name="Nobody").url == "/account/login/"
    assert not Person.objects.exists()


def test_a_signed_in_person_is_never_linked_to_someone_elses_organisation_account(client, sign_in):
    victim = make_account("Vic", email="vic@hospital.example")
    client.force_login(victim)
    answer = sign_in("evil", process="connect", email="mallory@evil.example", email_verified=True)
    assert answer.url == "/me/"
    assert not SocialAccount.objects.exists()
    answer = sign_in("vic", process="connect", email="vic@hospital.example", email_verified=True)
    assert SocialAccount.objects.get().user_id == victim.pk
    assert answer.url == "/account/organisation/"


def test_a_closed_account_stays_shut(client, sign_in):
    person = make_account(email="gone@hospital.example", is_active=False)
    answer = sign_in("g1", email="gone@hospital.example", email_verified=True)
    assert answer.url == "/account/inactive/"
    SocialAccount.objects.create(user=person, provider="sso", uid="g1")
    answer = sign_in("g1", email="gone@hospital.example", email_verified=True)
    assert answer.url == "/account/inactive/"
    assert not signed_in(client)


def test_a_changed_address_at_the_organisation_still_leads_to_the_linked_person(client, sign_in):
    person = make_account(email="maiden@hospital.example")
    sign_in("c1", email="maiden@hospital.example", email_verified=True)
    client.logout()
    sign_in("c1", email="married@hospital.example", email_verified=True)
    assert signed_in(client) == str(person.pk)
    person.refresh_from_db()
    assert person.email == "maiden@hospital.example"


def test_the_sign_in_page_offers_it_by_name(client):
    page = client.get("/account/login/").content.decode()
    assert "Sign in with Six Hospitals" in page


def test_stopping_there_leads_back_to_a_page_that_says_so(client, provider):
    there = client.get(LOGIN)
    back = requests.post(there.url, data={"action": "deny"}, allow_redirects=False, timeout=10)
    target = urlsplit(back.headers["Location"])
    answer = client.get(f"{target.path}?{target.query}")
    assert answer.status_code == 401
    assert "Sign in another way" in answer.content.decode()
    assert not signed_in(client)


def test_an_answer_to_no_question_is_refused(client, provider):
    answer = client.get(CALLBACK, {"code": "x", "state": "forged"})
    assert answer.status_code in {200, 401}
    assert not signed_in(client)


def test_an_organisations_sign_in_alone_is_not_enough_to_erase(client, sign_in):
    sign_in("n1", email="noor@hospital.example", email_verified=True, name="Noor")
    assert client.get("/me/data/erase/").url == "/account/confirm/?next=/me/data/erase/"
