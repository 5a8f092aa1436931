from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "convene.foundation.jobs"

    def ready(self) -> None:
        from convene.foundation.jobs import queue
        from convene.foundation.jobs.sweeps import register_sweep

        register_sweep("tasks_recover", queue.recover, every_seconds=15)
        register_sweep("tasks_forget", queue.forget_finished, every_seconds=86_400)
