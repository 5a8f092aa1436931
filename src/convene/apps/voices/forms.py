"""What those who ask write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from convene.apps.capabilities.models import Need
from convene.apps.capabilities.queries import open_needs
from convene.apps.communities.models import Community
from convene.apps.voices.models import Inquiry
from convene.apps.voices.rules.inquiry import LONGEST, MOST_PLACES
from convene.apps.voices.services import Terms
from convene.apps.workshops.models import Session


class InquiryForm(forms.Form):
    question = forms.CharField(
        label=_("Your question"),
        max_length=200,
        help_text=_("One question, in the words of those you ask."),
    )
    intro = forms.CharField(
        label=_("What it is about"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    kind = forms.ChoiceField(label=_("What for"), choices=Inquiry.Kind.choices, widget=forms.RadioSelect)
    places = forms.IntegerField(
        label=_("How many workshops can you hold"),
        required=False,
        min_value=1,
        max_value=MOST_PLACES,
        help_text=_("Only when you choose what to learn next: the topics are shared out over so many."),
    )
    seeds = forms.CharField(
        label=_("First statements"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One view a line, from different sides; others can add theirs."),
    )
    from_needs = forms.BooleanField(
        label=_("Add the open needs of the community as statements"), required=False
    )
    asks = forms.ChoiceField(label=_("Who is asked"), choices=Inquiry.Asks.choices)
    session = forms.ModelChoiceField(
        label=_("In this session"), required=False, queryset=Session.objects.none()
    )
    moderation = forms.ChoiceField(
        label=_("Statements by others"), choices=Inquiry.Moderation.choices, widget=forms.RadioSelect
    )
    closes_at = forms.DateTimeField(
        label=_("Closes at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("In your time zone. Empty: until you close it."),
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.community = community
        coming = Session.objects.filter(workshop__community=community, ends_at__gte=timezone.now())
        sessions = coming.select_related("workshop").order_by("starts_at")[:50]
        field: Any = self.fields["session"]
        field.queryset = Session.objects.filter(pk__in=[one.pk for one in sessions]).select_related(
            "workshop"
        )
        field.label_from_instance = _session_label
        field.empty_label = _("no session")

    def terms(self) -> Terms:
        data = self.cleaned_data
        needs: list[Need] = list(open_needs(self.community.pk)) if data["from_needs"] else []
        return Terms(
            question=data["question"],
            intro=data["intro"],
            kind=data["kind"],
            asks=data["asks"],
            moderation=data["moderation"],
            session=data["session"],
            places=data["places"],
            closes_at=data["closes_at"],
            seeds=data["seeds"].splitlines(),
            needs=needs,
        )


def _session_label(session: Session) -> str:
    local = timezone.localtime(session.starts_at)
    return f"{session.workshop.title} · {local:%Y-%m-%d %H:%M}"


class StatementForm(forms.Form):
    text = forms.CharField(
        label=_("Your statement"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One view in one sentence, that others can agree or disagree with."),
    )


class SeedsForm(forms.Form):
    seeds = forms.CharField(
        label=_("More statements"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("One a line.")
    )


class TakeOutForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is taken out"), max_length=200, help_text=_("Everyone can read it.")
    )


class InvitationsForm(forms.Form):
    count = forms.IntegerField(label=_("How many invitations"), min_value=1, max_value=200, initial=20)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Your invitation"), max_length=20, help_text=_("Ten letters and digits, as on the paper.")
    )
