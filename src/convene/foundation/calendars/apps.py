from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "convene.foundation.calendars"
    label = "calendars"

    def ready(self) -> None:
        from convene.foundation.calendars import privacy

        privacy.register_all()
