"""The demo's doors open only when every gate is open; each gate alone keeps them shut."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils import timezone

from convene.apps.communities.models import Community
from convene.apps.people.models import Person
from convene.apps.seats.models import Draw
from convene.engines.allotment import verifier
from convene.foundation.mail.models import MailMessage
from convene.web.commands import demo
from tests import processes
from tests.makers import make_community, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(settings):
    """Every gate open."""
    demo.seed(now=timezone.now())
    settings.DEMO = True
    settings.EMAIL_HOST = ""


def enter(client, role="steward", **meta):
    return client.post(reverse("demo_enter"), {"role": role}, **{"HTTP_HOST": "localhost:8000", **meta})


def who(client):
    key = client.session.get("_auth_user_id")
    return Person.objects.get(pk=key) if key else None


@pytest.mark.parametrize("role", ["steward", "member", "facilitator"])
def test_one_click_enters_as_one_of_the_demos_people(client, opened, role):
    assert enter(client, role).status_code == 302
    assert who(client).email == demo.ENTRIES[role].email


def test_as_an_outsider_one_is_nobody(client, opened):
    enter(client, "steward")
    assert enter(client, "outsider").status_code == 302
    assert who(client) is None


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8001", "[::1]:8000"])
def test_each_local_name_opens(client, opened, host):
    assert client.get(reverse("demo"), headers={"host": host}).status_code == 200


def shut(client, **meta):
    get = {"HTTP_HOST": "localhost:8000", **meta}
    assert enter(client, **meta).status_code == 404
    assert who(client) is None
    assert client.get(reverse("demo"), **get).status_code == 404
    assert client.get(reverse("demo_mailbox"), **get).status_code == 404


def test_shut_without_the_setting(client, opened, settings):
    settings.DEMO = False
    shut(client)


def test_shut_at_a_public_address(client, opened, settings):
    settings.PUBLIC_ADDRESS = "https://site.example"
    shut(client)


def test_shut_in_a_database_not_begun_as_a_demo(client, opened):
    Community.objects.update(is_demo=False)
    shut(client)


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "::ffff:192.0.2.7", ""])
def test_shut_to_another_machine(client, opened, address):
    shut(client, REMOTE_ADDR=address)


def test_shut_under_another_name(client, opened, settings):
    settings.ALLOWED_HOSTS = ["*"]
    shut(client, HTTP_HOST="site.example")
    shut(client, HTTP_HOST="localhost.site.example")
    shut(client, HTTP_HOST="localhost.")


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA"])
def test_shut_behind_a_proxy(client, opened, header):
    shut(client, **{header: "192.0.2.7"})


def test_never_as_a_person_who_is_not_of_the_demo(client, opened):
    Person.objects.filter(email=demo.ENTRIES["steward"].email).update(is_demo=False)
    assert enter(client).status_code == 404
    assert who(client) is None


def test_never_by_a_link(client, opened):
    assert client.get(reverse("demo_enter"), {"role": "steward"}, HTTP_HOST="localhost").status_code == 405
    assert enter(client, "nobody").status_code == 404


def test_never_without_a_token_of_the_site(opened):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert enter(strict).status_code == 403


def test_the_mailbox_shows_the_latest_mails(client, opened):
    from convene.foundation.mail.services import schedule_mail

    schedule_mail(
        key="k",
        kind="seat_offered",
        person_id=None,
        to_address="outsider@example.org",
        language="en",
        subject="A seat for you",
        text="Open http://localhost:8000/r/token/ please.",
        send_at=timezone.now(),
    )
    page = client.get(reverse("demo_mailbox"), HTTP_HOST="localhost:8000").content.decode()
    assert '<a href="http://localhost:8000/r/token/"' in page
    assert "A seat for you" in page


def test_the_mailbox_is_searched_by_person(client, opened):
    from convene.foundation.mail.services import schedule_mail

    MailMessage.objects.all().delete()
    for name in ("Amina Otieno", "Ben Alder"):
        person = make_person(name)
        schedule_mail(
            key=name,
            kind="seat_offered",
            person_id=person.pk,
            to_address=person.email or "",
            language="en",
            subject=f"For {name}",
            text="A seat.",
            send_at=timezone.now(),
        )

    def shown(wanted):
        page = client.get(reverse("demo_mailbox"), {"q": wanted}, HTTP_HOST="localhost:8000").content.decode()
        return page.count("<details"), "For Amina Otieno" in page

    assert shown("amina") == (1, True)
    assert shown("example.org") == (2, True)
    assert shown("nobody") == (0, False)


def test_the_mailbox_is_shut_when_a_server_takes_the_mails(client, opened, settings):
    settings.EMAIL_HOST = "smtp.example.org"
    assert client.get(reverse("demo"), HTTP_HOST="localhost").status_code == 200
    assert client.get(reverse("demo_mailbox"), HTTP_HOST="localhost").status_code == 404


def test_the_demo_is_written_into_an_empty_database_only():
    make_community(steward=make_person())
    with pytest.raises(RuntimeError):
        demo.seed(now=timezone.now())
    assert not demo.is_demo_database()


def test_the_setting_and_a_public_address_exclude_each_other():
    done = processes.run(
        "manage",
        "check",
        CONVENE_DEMO="1",
        CONVENE_PUBLIC_ADDRESS="https://site.example",
        CONVENE_SECRET_KEY="x" * 60,
    )
    assert done.returncode != 0
    assert "CONVENE_DEMO lets anyone in" in done.stderr
    assert ImproperlyConfigured.__name__ in done.stderr


def test_one_draw_of_the_demo_is_sealed_and_waits_for_its_dice(opened):
    draw = Draw.objects.get(state=Draw.State.COMMITTED)
    assert (draw.source_kind, draw.seed) == ("dice", "")
    assert verifier.check(draw.record, None) == []


def test_one_draw_of_the_demo_was_made_by_the_dice_and_can_be_checked(opened):
    draw = Draw.objects.get(state=Draw.State.DRAWN)
    assert draw.seed == "4 2 6 1 3 5 5 2 6 1"
    assert draw.entries.filter(seated=True).count() == draw.policy.capacity == draw.seats
    assert verifier.check(draw.record, None) == []


def test_the_mailbox_of_no_mails_says_what_to_do(client, opened):
    MailMessage.objects.all().delete()
    assert "No mail yet" in client.get(reverse("demo_mailbox"), HTTP_HOST="localhost").content.decode()
