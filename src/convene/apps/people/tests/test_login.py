"""The way in: by a mailed code alone, the same for known and unknown addresses, to one's own person."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.urls import NoReverseMatch, reverse

from convene.apps.people import services
from convene.apps.people.models import Person
from convene.foundation.mail.models import MailMessage
from tests.makers import make_account, make_person

pytestmark = pytest.mark.django_db
CODE = "/account/login/code/confirm/"


def ask(client, email, **more):
    return client.post("/account/login/", {"email": email, **more})


def signed_in(client) -> str | None:
    return client.session.get("_auth_user_id")


def test_a_code_lets_the_person_in(client, newest_code):
    person = make_account("Ada")
    assert ask(client, person.email).url == CODE
    assert not signed_in(client)
    answer = client.post(CODE, {"code": newest_code(person.email)})
    assert (answer.status_code, answer.url) == (302, "/")
    assert signed_in(client) == str(person.pk)


def test_a_wrong_code_is_said_beside_its_field_and_the_third_ends_it(client, newest_code):
    person = make_account()
    ask(client, person.email)
    code = newest_code(person.email)
    for _attempt in range(2):
        wrong = client.post(CODE, {"code": "nonsense"})
        assert wrong.status_code == 422
        assert wrong.context["verify_form"].errors["code"]
    assert client.post(CODE, {"code": "nonsense"}).status_code == 302
    client.post(CODE, {"code": code})
    assert not signed_in(client)


def test_known_and_unknown_addresses_get_the_same_answer_and_each_one_mail(client, newest_code):
    make_account(email="known@example.org")
    seen = []
    for email in ("known@example.org", "unknown@example.org"):
        asked = ask(client, email)
        page = client.get(asked.url)
        seen.append((asked.status_code, asked.url, page.content.replace(email.encode(), b"")))
        assert MailMessage.objects.filter(to_address=email).count() == 1
    strip = [(status, url, _without_tokens(body)) for status, url, body in seen]
    assert strip[0] == strip[1]
    assert not Person.objects.filter(email="unknown@example.org").exists()


def _without_tokens(body: bytes) -> bytes:
    import re

    return re.sub(rb'(csrfmiddlewaretoken" value=|x-csrftoken": )"[^"]*"', b"", re.sub(rb"\s+", b" ", body))


def test_the_mail_is_a_row_in_the_readers_language_that_leaves_at_once(client):
    person = make_account(language="ar")
    ask(client, person.email)
    mail = MailMessage.objects.get()
    assert (mail.kind, mail.language, mail.person_id, mail.state) == (
        "login_code",
        "ar",
        person.pk,
        "scheduled",
    )
    assert (mail.send_at - mail.created_at).total_seconds() < 1
    assert person.email not in mail.key


def test_someone_who_registered_without_an_account_is_the_same_person_at_the_first_sign_in(
    client, newest_code
):
    person = make_person("Ola", email="ola@example.org")
    ask(client, "Ola@Example.org")
    client.post(CODE, {"code": newest_code("Ola@Example.org")})
    assert signed_in(client) == str(person.pk)
    address = EmailAddress.objects.get()
    assert (address.user_id, address.email, address.verified, address.primary) == (
        person.pk,
        "ola@example.org",
        True,
        True,
    )
    assert Person.objects.count() == 1


def test_signing_up_asks_name_and_address_and_the_code_makes_the_account(client, newest_code):
    client.cookies["zone"] = "Asia/Kolkata"
    answer = client.post("/account/signup/", {"name": "Noor", "email": "noor@example.org"})
    assert answer.url == CODE
    assert not EmailAddress.objects.exists()
    client.post(CODE, {"code": newest_code("noor@example.org")})
    person = Person.objects.get()
    assert (person.name, person.zone, signed_in(client)) == ("Noor", "Asia/Kolkata", str(person.pk))
    assert EmailAddress.objects.get().verified


def test_signing_up_with_a_known_address_is_signing_in_and_keeps_the_name(client, newest_code):
    person = make_account("Ada")
    client.post("/account/signup/", {"name": "Mallory", "email": person.email})
    client.post(CODE, {"code": newest_code(person.email)})
    assert signed_in(client) == str(person.pk)
    assert Person.objects.get().name == "Ada"


def test_the_owner_of_an_address_has_the_last_word_on_the_name_a_stranger_typed(client, newest_code):
    make_person("Rude Word", email="victim@example.org")
    client.post("/account/signup/", {"name": "Vic", "email": "victim@example.org"})
    assert Person.objects.get().name == "Rude Word"
    client.post(CODE, {"code": newest_code("victim@example.org")})
    assert Person.objects.get().name == "Vic"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "", "email": "a@example.org"}, "name"),
        ({"name": "see https://spam.example", "email": "a@example.org"}, "name"),
        ({"name": "Ada", "email": "nonsense"}, "email"),
    ],
)
def test_bad_input_answers_422_beside_its_field_and_keeps_what_was_typed(client, typed, field):
    answer = client.post("/account/signup/", typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    for value in filter(None, typed.values()):
        assert value in answer.content.decode()


def test_a_closed_account_gets_no_code_and_says_nothing_of_it(client):
    person = make_account(is_active=False)
    for page, typed in (("login", {}), ("signup", {"name": "Ada"})):
        answer = client.post(f"/account/{page}/", {"email": person.email, **typed})
        assert answer.url == CODE
    assert set(MailMessage.objects.values_list("kind", flat=True)) == {"login_unknown_account"}
    client.force_login(make_account())


def test_an_account_closed_while_the_code_travelled_stays_shut(client, newest_code):
    person = make_account()
    ask(client, person.email)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    client.post(CODE, {"code": newest_code(person.email)})
    assert not signed_in(client)


def test_whoever_was_erased_is_out_at_once(client):
    from django.utils import timezone

    person = make_account()
    client.force_login(person)
    assert client.get("/me/").status_code == 200
    services.erase_person(person=person, now=timezone.now())
    assert client.get("/me/").url == "/account/login/?next=/me/"


def test_codes_for_one_address_are_limited(client):
    person = make_account()
    answers = [ask(client, person.email).status_code for _ in range(5)]
    assert answers == [302, 302, 302, 422, 422]
    assert MailMessage.objects.count() == 3


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_after_signing_in_one_never_lands_on_another_site(client, newest_code, elsewhere):
    person = make_account()
    ask(client, person.email, next=elsewhere)
    answer = client.post(CODE, {"code": newest_code(person.email), "next": elsewhere})
    assert answer.url == "/"


def test_after_signing_in_one_lands_where_one_was_going(client, newest_code):
    person = make_account()
    asked = ask(client, person.email, next="/me/data/")
    assert asked.url == f"{CODE}?next=%2Fme%2Fdata%2F"
    answer = client.post(CODE, {"code": newest_code(person.email), "next": "/me/data/"})
    assert answer.url == "/me/data/"


def test_someone_invited_by_address_alone_is_asked_for_their_name_first(client, newest_code):
    person = Person.objects.create_user(email="invited@example.org")
    ask(client, person.email)
    answer = client.post(CODE, {"code": newest_code(person.email)})
    assert answer.url == "/me/"


def test_coming_back_to_the_sign_in_page_one_may_type_another_address(client):
    ask(client, "typo@example.org")
    assert client.get("/account/login/").status_code == 200
    assert client.get(CODE).url == "/account/login/code/"


@pytest.mark.parametrize(
    "name",
    [
        "account_change_password",
        "account_set_password",
        "account_reset_password",
        "account_reset_password_done",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
    ],
)
def test_there_is_no_password_anywhere(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_a_changed_address_is_confirmed_by_code_and_old_links_die(client, newest_code):
    from convene.apps.people.links import my_data_token

    person = make_account(email="old@example.org")
    ask(client, person.email)
    client.post(CODE, {"code": newest_code(person.email)})
    token = my_data_token(person)
    asked = client.post("/account/address/", {"action_add": "1", "email": "new@example.org"})
    assert asked.url == "/account/address/code/"
    client.post("/account/address/code/", {"code": newest_code("new@example.org")})
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("new@example.org", True)]
    assert MailMessage.objects.filter(to_address="old@example.org", kind="login_email_changed").exists()
    client.logout()
    assert client.get(f"/me/link/{token}/").status_code == 404


def test_important_changes_ask_for_a_fresh_code(client, newest_code):
    person = make_account()
    client.force_login(person)
    for page in ("/account/passkeys/add/", "/account/address/", "/me/data/erase/"):
        assert client.get(page).url.startswith("/account/confirm/?next=")
    client.post("/account/confirm/", {"action": "send", "next": "/account/address/"})
    wrong = client.post("/account/confirm/", {"code": "nonsense"})
    assert wrong.status_code == 422
    right = client.post("/account/confirm/", {"code": newest_code(person.email), "next": "/account/address/"})
    assert right.url == "/account/address/"
    assert client.get("/account/address/").status_code == 200


def test_three_wrong_codes_end_the_confirmation(client, newest_code):
    person = make_account()
    client.force_login(person)
    client.post("/account/confirm/", {"action": "send"})
    for _attempt in range(3):
        client.post("/account/confirm/", {"code": "nonsense"})
    client.post("/account/confirm/", {"code": newest_code(person.email)})
    assert client.get("/account/address/").url.startswith("/account/confirm/")


def test_signing_out_everywhere_ends_other_sign_ins_and_older_links(client):
    from django.test import Client

    from convene.apps.people.links import my_data_token

    person, other = make_account(), Client()
    client.force_login(person)
    other.force_login(person)
    token = my_data_token(person)
    client.post("/me/sign-in/out/")
    assert not signed_in(client)
    assert other.get("/me/").status_code == 302
    assert client.get(f"/me/link/{token}/").status_code == 404
