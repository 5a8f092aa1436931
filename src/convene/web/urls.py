"""Every address of the site. Apps bring their own; pages that read across apps live in web/pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import TemplateView

urlpatterns: list[URLPattern | URLResolver] = [
    path("", TemplateView.as_view(template_name="home.html"), name="home"),
    path("account/", include("allauth.urls")),
]

handler500 = "convene.web.middleware.server_error"
