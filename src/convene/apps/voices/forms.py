"""What those who ask write."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from convene.apps.capabilities.models import Need
from convene.apps.capabilities.queries import open_needs
from convene.apps.communities.models import Community
from convene.apps.voices.models import Inquiry, Pulse, PulseItem
from convene.apps.voices.rules import inquiry as rules
from convene.apps.voices.rules.inquiry import LONGEST, MOST_PLACES
from convene.apps.voices.rules.pulse import Item, read_yearly
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


class PulseForm(forms.Form):
    """Three lines with words to begin from; an empty line is not asked."""

    first = forms.CharField(
        label=_("First"), max_length=200, required=False, initial=_("I could say what I wanted to say.")
    )
    second = forms.CharField(
        label=_("Second"),
        max_length=200,
        required=False,
        initial=_("I take something with me that I can use."),
    )
    words = forms.CharField(
        label=_("In their own words"),
        max_length=200,
        required=False,
        initial=_("What should we do differently next time?"),
        help_text=_("Read only when ten or more people answered."),
    )

    def items(self) -> list[Item]:
        data = self.cleaned_data
        found = [Item(rules.tidy(data[name])) for name in ("first", "second") if data[name].strip()]
        if data["words"].strip():
            found.append(Item(rules.tidy(data["words"]), answer="words"))
        return found


class YearlyForm(forms.Form):
    items_text = forms.CharField(
        label=_("Items"),
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "One a line, from an instrument you may use. “[belonging] I feel at home here”: items of one "
            "scale are scored together. “R:” before the text where agreeing means less of it."
        ),
    )
    may_use = forms.BooleanField(label=_("We have the right to use these words."))

    def items(self) -> list[Item]:
        return read_yearly(self.cleaned_data["items_text"])


class ReplyForm(forms.Form):
    reply = forms.CharField(
        label=_("You said, we did"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Goes to everyone who was asked, once."),
    )


STEPS = [(1, _("not at all")), (2, _("a little")), (3, _("partly")), (4, _("mostly")), (5, _("fully"))]


class PulseAnswerForm(forms.Form):
    """A field for each item; every one may be left out."""

    def __init__(self, *args: Any, pulse: Pulse, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pulse_items = list(pulse.items.all())
        for item in self.pulse_items:
            self.fields[self._name(item)] = (
                forms.CharField(
                    label=item.text,
                    required=False,
                    max_length=1000,
                    widget=forms.Textarea(attrs={"rows": 3}),
                    help_text=_("Please name nobody."),
                )
                if item.answer == PulseItem.Answer.WORDS
                else forms.TypedChoiceField(
                    label=item.text,
                    required=False,
                    coerce=int,
                    empty_value=None,
                    choices=STEPS,
                    widget=forms.RadioSelect,
                )
            )

    @staticmethod
    def _name(item: PulseItem) -> str:
        return f"item-{item.number}"

    def values(self) -> dict[UUID, int]:
        return {
            item.pk: self.cleaned_data[self._name(item)]
            for item in self.pulse_items
            if item.answer == PulseItem.Answer.SCALE and self.cleaned_data[self._name(item)] is not None
        }

    def words(self) -> dict[UUID, str]:
        return {
            item.pk: self.cleaned_data[self._name(item)]
            for item in self.pulse_items
            if item.answer == PulseItem.Answer.WORDS
        }


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


class OpenExportForm(forms.Form):
    comments = forms.FileField(
        label=_("Statements (comments.csv)"), help_text=_("With the columns comment-id and comment-body.")
    )
    votes = forms.FileField(
        label=_("Votes (votes.csv or participants-votes.csv)"),
        help_text=_("One line a vote (voter-id, comment-id, vote), or one line a person."),
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
