from django.apps import AppConfig


class VoicesConfig(AppConfig):
    name = "convene.apps.voices"
    label = "voices"

    def ready(self) -> None:
        from convene.apps.voices import privacy, services
        from convene.apps.voices.services.telling import TOPIC
        from convene.apps.voices.views.answering import map_fragments
        from convene.foundation.jobs import register_sweep
        from convene.foundation.live.registry import register

        privacy.register_all()
        register(TOPIC, map_fragments, by_zone=False)
        register_sweep(
            "voices_exports", lambda now: services.forget_old_exports(now=now), every_seconds=86_400
        )
        register_sweep("voices_release", lambda now: services.release_what_is_full(now=now), every_seconds=20)
