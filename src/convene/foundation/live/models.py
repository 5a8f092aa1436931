from django.db import models


class LiveTopic(models.Model):
    """How often what `name` shows has changed. No row: never."""

    name = models.CharField(primary_key=True, max_length=120)
    version = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Sending(models.Model):
    """A form that was taken, by a digest of its random key; of whom, nobody can tell."""

    key = models.CharField(primary_key=True, max_length=32)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
