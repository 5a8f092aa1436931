from __future__ import annotations

from django.urls import path

from convene.apps.connections.views import me, picture

urlpatterns = [
    path("c/<slug:slug>/connections/", picture.community_connections, name="community_connections"),
    path("me/connections/", me.my_connections, name="my_connections"),
    path("me/connections/contact/stop/", me.stop_sharing, name="stop_sharing_contact"),
    path("me/connections/introductions/", me.switch_introductions, name="switch_introductions"),
    path(
        "me/connections/introductions/<uuid:introduction_id>/",
        me.answer_introduction,
        name="answer_introduction",
    ),
    path("me/connections/<uuid:person_id>/", me.exchange, name="exchange_contact"),
    path("me/connections/l/<str:token>/", me.my_connections_link, name="my_connections_link"),
]
