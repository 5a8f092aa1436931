from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Community(models.Model):
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    text = models.TextField()

    def __str__(self) -> str:
        return self.name


class Workshop(models.Model):
    community = models.ForeignKey(Community, on_delete=models.CASCADE)
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=300)
    description = models.TextField()
    first_start = models.DateTimeField(db_index=True)
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="minimal_never_above_capacity")
        ]

    def __str__(self) -> str:
        return self.title


class Session(models.Model):
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]

    def __str__(self) -> str:
        return str(self.starts_at)


class Facilitator(models.Model):
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="facilitators")
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Registration(models.Model):
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "email"], name="minimal_once")]

    def __str__(self) -> str:
        return self.email


class Outbox(models.Model):
    to = models.EmailField()
    text = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.to


class Audit(models.Model):
    what = models.CharField(max_length=40)
    subject = models.CharField(max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.what
