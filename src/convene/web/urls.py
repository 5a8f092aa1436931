"""Every address of the site. Apps bring their own; pages that read across apps live in web/pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from convene.web.pages import about, about_me, alive, demo, feeds, needs, workshop
from convene.web.pages.access_needs import workshop_access
from convene.web.pages.home import home
from convene.web.pages.language import set_language
from convene.web.pages.open import open_list
from convene.web.pages.patterns import patterns
from convene.web.pages.series import series_asked, series_page
from convene.web.pages.today import today

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("alive/", alive.alive, name="alive"),
    path("demo/", demo.doors, name="demo"),
    path("demo/enter/", demo.enter, name="demo_enter"),
    path("demo/mailbox/", demo.mailbox, name="demo_mailbox"),
    path("c/<slug:slug>/today/", today, name="today"),
    path("open/", open_list, name="open_list"),
    path("series/<uuid:series_id>/", series_page, name="series_page"),
    path("series/<uuid:series_id>/asked/", series_asked, name="series_asked"),
    path("open/calendar.ics", feeds.open_calendar, name="open_calendar"),
    path("c/<slug:slug>/calendar.ics", feeds.community_calendar, name="community_calendar"),
    path("w/<uuid:workshop_id>/", workshop.workshop_page, name="workshop_page"),
    path("w/<uuid:workshop_id>/plan/access/", workshop_access, name="workshop_access"),
    path("w/<uuid:workshop_id>/calendar.ics", feeds.workshop_calendar, name="workshop_calendar"),
    path("me/calendar/", feeds.my_calendar, name="my_calendar"),
    path("me/calendar/<str:token>.ics", feeds.own_calendar, name="own_calendar"),
    path("c/<slug:slug>/needs/<uuid:need_id>/plan/", needs.need_plan, name="need_plan"),
    path("", include("convene.apps.communities.urls")),
    path("", include("convene.apps.capabilities.urls")),
    path("", include("convene.apps.capabilities.outcomes.urls")),
    path("", include("convene.apps.workshops.series.urls")),
    path("account/", include("convene.apps.people.login_urls")),
    path("me/data/my-sessions.ics", about_me.my_sessions_file, name="my_sessions_file"),
    path("me/", include("convene.apps.people.urls")),
    path("", include("convene.apps.workshops.urls")),
    path("", include("convene.apps.seats.urls")),
    path("", include("convene.apps.attendance.urls")),
    path("", include("convene.apps.equity.urls")),
    path("", include("convene.apps.rooms.urls")),
    path("", include("convene.apps.connections.urls")),
    path("", include("convene.apps.voices.urls")),
    path("", include("convene.apps.stewardship.urls")),
    path("", include("convene.apps.notices.urls")),
    path("", include("convene.apps.exchange.urls")),
    path("", include("convene.foundation.live.urls")),
    path("about/", about.about, name="about"),
    path("privacy/", about.privacy, name="privacy"),
    path("language/", set_language, name="set_language"),
    path("patterns/", patterns, name="patterns"),
]

handler500 = "convene.web.middleware.server_error"
