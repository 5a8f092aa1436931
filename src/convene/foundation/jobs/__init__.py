"""The queue: tasks enqueued in the transaction of what happened, and the due-table for later ones.

`register_sweep` is for an app's `AppConfig.ready`; `services.schedule` for services; `worker.Worker` runs
everything; `queries` says how it goes.
"""

from convene.foundation.jobs.sweeps import register_sweep

__all__ = ["register_sweep"]
