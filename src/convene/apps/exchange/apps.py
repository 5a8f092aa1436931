from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "convene.apps.exchange"
    label = "exchange"

    def ready(self) -> None:
        from convene.apps.exchange import privacy

        privacy.register_all()
