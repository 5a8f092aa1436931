from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "convene.apps.rooms"
    label = "rooms"

    def ready(self) -> None:
        from convene.apps.rooms import privacy
        from convene.apps.rooms.services import presence
        from convene.foundation.jobs import register_sweep

        privacy.register_all()
        register_sweep("rooms_follow_seats", lambda now: presence.follow_seats(now=now), every_seconds=20)
