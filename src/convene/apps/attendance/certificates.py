"""Certificates of attendance: only for those who came, with what the record says and nothing else."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from convene.apps.attendance import queries, rules
from convene.apps.people.models import Person
from convene.apps.seats.models import Registration
from convene.apps.workshops.models import Session
from convene.foundation.errors import RuleBroken
from convene.foundation.times import span, zone_or

TEMPLATE = Path(__file__).parent / "certificate.typ"


@dataclass(frozen=True)
class Certificate:
    """Everything that stands on it, in the reader's language."""

    name: str
    title: str
    kind: str
    community: str
    domain: str
    sittings: Sequence[str]
    minutes: int | None
    outcomes: Sequence[str]
    made_on: datetime

    @property
    def hours(self) -> str:
        """Minutes in words, as counted: “1 h 50 min”; empty when minutes were not kept."""
        if self.minutes is None:
            return ""
        return _("%(h)d h %(m)02d min") % {"h": self.minutes // 60, "m": self.minutes % 60}


def content_of(registration: Registration, person: Person) -> Certificate:
    """Raises RuleBroken when the person did not come."""
    entries = queries.record_of(person, now=timezone.now(), registration_id=registration.pk)
    if not entries or not entries[0].came:
        raise RuleBroken(_("A certificate of attendance is for those who came."), code="did_not_come")
    entry, workshop = entries[0], registration.workshop
    attended: list[Session] = [line.session for line in entry.lines if line.state in rules.PRESENT]
    zone = zone_or(person.zone, attended[0].zone)
    return Certificate(
        name=person.name,
        title=workshop.title,
        kind=workshop.get_kind_display(),
        community=workshop.community.name,
        domain=workshop.community.domain,
        sittings=[span(one.starts_at, one.ends_at, zone) for one in attended],
        minutes=entry.minutes,
        outcomes=[line.strip() for line in workshop.outcomes.splitlines() if line.strip()],
        made_on=timezone.now(),
    )


def can_make_pdf() -> bool:
    """The optional extra [pdf] is installed."""
    return importlib.util.find_spec("typst") is not None


def pdf(content: Certificate) -> bytes:
    """A tagged PDF/UA document by Typst; the text of TEMPLATE is ours, the values come as JSON."""
    import typst  # the optional extra

    values = {
        "lang": (translation.get_language() or "en").split("-")[0],
        "dir": "rtl" if translation.get_language_bidi() else "ltr",
        "heading": _("Certificate of attendance"),
        "lead": _("%(name)s took part in") % {"name": content.name},
        "title": content.title,
        "by": _("%(kind)s of %(community)s") % {"kind": content.kind, "community": content.community},
        "domain": content.domain,
        "sittings": list(content.sittings),
        "hours": _("Time present: %(hours)s") % {"hours": content.hours} if content.hours else "",
        "outcomes_heading": _("What it was about being able to do") if content.outcomes else "",
        "outcomes": list(content.outcomes),
        "note": _("Issued from the record of attendance, which its owner can read and contest."),
        "date": f"{content.made_on:%Y-%m-%d}",
    }
    result = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(values)},
        pdf_standards=["ua-1"],
    )
    assert isinstance(result, bytes)  # one document, no output path
    return result
