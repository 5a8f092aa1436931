from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "convene.apps.exchange"
    label = "exchange"

    def ready(self) -> None:
        from convene.apps.exchange import privacy, services
        from convene.foundation.jobs import register_sweep

        privacy.register_all()
        register_sweep("tables_forget", lambda now: services.forget_old_imports(now=now), every_seconds=3600)
