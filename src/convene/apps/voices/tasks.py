"""What inquiries do by themselves, later. Each may run twice."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django_tasks import task

from convene.apps.voices import services
from convene.apps.voices.models import Inquiry


@task()
def release_votes(inquiry_id: str) -> None:
    services.release(inquiry_id=UUID(inquiry_id), now=timezone.now())


@task()
def close_inquiry(inquiry_id: str) -> None:
    inquiry = Inquiry.objects.filter(pk=inquiry_id).first()
    if inquiry is not None:
        services.close_due(inquiry=inquiry, now=timezone.now())
