"""The queue: tasks enqueued in the transaction of what happened, and the due-table for later ones."""
