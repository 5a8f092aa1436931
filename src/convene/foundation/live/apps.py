from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "convene.foundation.live"
    label = "live"

    def ready(self) -> None:
        from convene.foundation.jobs.sweeps import register_sweep
        from convene.foundation.live import services

        register_sweep("live_prune", services.prune, every_seconds=86_400)
