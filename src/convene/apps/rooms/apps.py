from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "convene.apps.rooms"
    label = "rooms"

    def ready(self) -> None:
        from convene.apps.rooms import live, privacy
        from convene.apps.rooms.services import clock, ending, presence
        from convene.foundation.jobs import register_sweep

        privacy.register_all()
        live.register()
        register_sweep("rooms_follow_seats", lambda now: presence.follow_seats(now=now), every_seconds=20)
        register_sweep("rooms_end_forgotten", lambda now: ending.end_forgotten(now=now), every_seconds=300)
        register_sweep("rooms_keep_time", lambda now: clock.keep_time(now=now), every_seconds=60)
