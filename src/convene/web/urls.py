"""Every address of the site. Apps bring their own; pages that read across apps live in web/pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import TemplateView
from django.views.i18n import set_language

from convene.web.pages import alive, demo
from convene.web.pages.patterns import patterns

urlpatterns: list[URLPattern | URLResolver] = [
    path("", TemplateView.as_view(template_name="home.html"), name="home"),
    path("alive/", alive.alive, name="alive"),
    path("demo/", demo.doors, name="demo"),
    path("demo/enter/", demo.enter, name="demo_enter"),
    path("demo/mailbox/", demo.mailbox, name="demo_mailbox"),
    path("", include("convene.apps.capabilities.urls")),
    path("account/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    path("patterns/", patterns, name="patterns"),
]

handler500 = "convene.web.middleware.server_error"
