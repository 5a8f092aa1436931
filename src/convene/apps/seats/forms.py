"""What people type about seats. Rules speak through the services; a form only cleans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.models import Organisation, TraitQuestion
from convene.apps.communities.rules import FeatureName
from convene.apps.people.rules import ACCESS_WORDS, PURPOSE_WORDS, Purpose
from convene.apps.seats.models import Pool, SeatPolicy
from convene.apps.seats.rules import KEPT_AFTER, MOST_WEIGHT, ChanceSource, Kind, PoolWho, State
from convene.apps.seats.rules.memory import WEIGHT_LIMIT
from convene.apps.seats.services import PolicyTerms, PoolTerms, TargetTerms, default_source, known_sources
from convene.apps.seats.targeting import Row, Sheet
from convene.apps.workshops.models import Workshop


def moment_field(label: Any, help_text: Any = "") -> forms.DateTimeField:
    """A day and an hour in the zone of the page."""
    return forms.DateTimeField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )


class SeatForm(forms.Form):
    """Asking for a seat. Signed in, nothing needs to be filled in."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("We write to you about this seat, and nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    pool = forms.ModelChoiceField(
        queryset=Pool.objects.none(),
        required=False,
        label=_("Which seats?"),
        empty_label=_("Whichever is free"),
    )
    hope = forms.CharField(
        label=_("What would make it worth your time?"),
        help_text=_("If you like. The facilitators read it."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    access_kind = forms.ChoiceField(
        label=_("Do you need something to take part?"),
        required=False,
        help_text=_("The stewards and facilitators of this workshop see it, until a day after it ends."),
    )
    access_detail = forms.CharField(label=_("What would help?"), required=False, max_length=1000)
    overlap_ok = forms.BooleanField(label=_("Ask anyway"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, signed_in: bool, pools: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signed_in:
            del self.fields["name"], self.fields["email"]
        choices = [("", _("No, nothing"))] + [(kind.value, words) for kind, words in ACCESS_WORDS.items()]
        self.fields["access_kind"].choices = choices  # type: ignore[attr-defined]  # it is a ChoiceField
        if pools is None or len(pools) < 2:  # noqa: PLR2004  # one pool is no choice
            del self.fields["pool"]
        else:
            self.fields["pool"].queryset = Pool.objects.filter(pk__in=[pool.pk for pool in pools])  # type: ignore[attr-defined]  # as above

    def ask_about_overlap(self, text: str) -> None:
        """Show the question with a box to tick, in place of the hidden field."""
        field = self.fields["overlap_ok"]
        field.widget = forms.CheckboxInput()
        self.add_error("overlap_ok", text)


class AnswerForm(forms.Form):
    """ "I'll be there", with the one question that may go with it."""

    warm_up = forms.CharField(
        required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), label=_("Your answer")
    )
    seating = forms.BooleanField(
        label=_("What I said about myself may be used for my tables"),
        required=False,
    )
    overlap_ok = forms.BooleanField(label=_("Say yes anyway"), required=False)

    def __init__(self, *args: Any, question: str, asks_seating: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_seating:
            self.fields["seating"].help_text = str(PURPOSE_WORDS[Purpose.SEATING].what)
        else:
            del self.fields["seating"]
        if question:
            self.fields["warm_up"].label = question
            self.fields["warm_up"].help_text = _("If you like. The facilitators read it.")
        else:
            del self.fields["warm_up"]
        if not self.data.get("overlap_asked"):
            self.fields["overlap_ok"].widget = forms.HiddenInput()

    def ask_about_overlap(self, text: str) -> None:
        self.fields["overlap_ok"].widget = forms.CheckboxInput()
        self.add_error("overlap_ok", text)


_FEATURE_OF_KIND = {
    Kind.APPROVAL: FeatureName.APPROVAL,
    Kind.INVITATION: FeatureName.APPROVAL,
    Kind.DRAW: FeatureName.DRAW,
}


class PolicyForm(forms.Form):
    """How seats are given. What the community has not switched on stands under "more ways"."""

    kind = forms.ChoiceField(label=_("How are seats given?"), widget=forms.RadioSelect)
    capacity = forms.IntegerField(
        label=_("Seats"), required=False, min_value=1, max_value=100_000, help_text=_("Empty: no limit.")
    )
    minimum = forms.IntegerField(
        label=_("Fewest people to run it"), required=False, min_value=0, max_value=100_000
    )
    waiting_list = forms.BooleanField(label=_("A waiting list when it is full"), required=False)
    closes_at = moment_field(
        _("Ask until"), _("For a draw: when entries close. Else, if you like, when asking ends.")
    )
    chance_source = forms.ChoiceField(
        label=_("Where does the chance of a draw come from?"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "Once people have asked, it stays. What each is worth stands in the words everyone reads."
        ),
    )
    chance_minutes = forms.IntegerField(
        label=_("Minutes from the seal to chance"),
        required=False,
        help_text=_("For the beacon and for this site’s own value."),
    )
    dice_count = forms.IntegerField(label=_("Throws"), required=False, help_text=_("For dice."))
    dice_sides = forms.IntegerField(label=_("Sides of the die"), required=False, help_text=_("For dice."))
    witness_emails = forms.CharField(
        label=_("Witnesses"),
        required=False,
        help_text=_("Two to nine e-mail addresses, one a line. They need no account."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reveal_hours = forms.IntegerField(
        label=_("Hours for witnesses to reveal"), required=False, help_text=_("After the draw is sealed.")
    )
    auditor_email = forms.EmailField(
        label=_("Auditor of the draw"),
        required=False,
        help_text=_(
            "May read the full record with everyone’s entry, and check all of it. Better not someone who "
            "runs the draw. Empty: nobody."
        ),
    )
    remembers = forms.BooleanField(
        label=_("Who was passed over before has a higher chance"),
        required=False,
        help_text=_("By the public rule that stands in the words above. Otherwise all weigh the same."),
    )
    most_weight = forms.IntegerField(
        label=_("Largest weight"),
        min_value=2,
        max_value=WEIGHT_LIMIT,
        required=False,
        help_text=_("Everyone has 1, and 1 more for each time passed over, up to this."),
    )
    kept_places = forms.IntegerField(
        label=_("Places held for those long passed over"), min_value=0, max_value=100_000, required=False
    )
    kept_after = forms.IntegerField(
        label=_("Long means: passed over at least so often"), min_value=1, max_value=20, required=False
    )
    needs_approval = forms.BooleanField(label=_("Each request is approved first"), required=False)
    approver_email = forms.EmailField(
        label=_("Who approves?"), required=False, help_text=_("Empty: the stewards. They need no account.")
    )
    deputy_email = forms.EmailField(label=_("Their deputy"), required=False)
    warm_up = forms.CharField(
        label=_("A question to warm up"),
        required=False,
        max_length=200,
        help_text=_("Asked with an offer, such as: what would make it worth your time?"),
    )
    offer_hours = forms.IntegerField(label=_("Hours to answer an offer"), min_value=1, max_value=720)
    cutoff_hours = forms.IntegerField(
        label=_("No offers in the last hours before the start"), min_value=0, max_value=720
    )
    late_cancel_hours = forms.IntegerField(
        label=_("A cancellation is late in the last hours"), min_value=0, max_value=720
    )

    def __init__(self, *args: Any, policy: SeatPolicy, features: set[FeatureName], **kwargs: Any) -> None:
        initial = {name: getattr(policy, name) for name in self.base_fields if hasattr(policy, name)}
        initial["approver_email"] = policy.approver.email if policy.approver else ""
        initial["deputy_email"] = policy.deputy.email if policy.deputy else ""
        initial["auditor_email"] = policy.auditor.email if policy.auditor else ""
        if policy.kind != Kind.DRAW:
            initial["chance_source"] = default_source()
        elif policy.chance_source == ChanceSource.WITNESSES:
            named = policy.witnesses.select_related("person")
            initial["witness_emails"] = "\n".join(each.person.email or "" for each in named if each.person)
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.unlocked = features
        self.before = policy
        kinds = [kind for kind in Kind if self._is_unlocked(kind, policy.kind)]
        self.fields["kind"].choices = [(kind.value, _WORDS[kind]) for kind in kinds]  # type: ignore[attr-defined]  # it is a ChoiceField
        sources = [each for each in ChanceSource if each in {*known_sources(), policy.chance_source}]
        self.fields["chance_source"].choices = [(each.value, each.label) for each in sources]  # type: ignore[attr-defined]  # as above

    def _is_unlocked(self, kind: Kind, present: str) -> bool:
        needed = _FEATURE_OF_KIND.get(kind)
        return kind == present or needed is None or needed in self.unlocked

    def terms(
        self, *, approver_id: UUID | None, deputy_id: UUID | None, auditor_id: UUID | None
    ) -> PolicyTerms:
        values = dict(self.cleaned_data)
        for name in ("approver_email", "deputy_email", "auditor_email", "witness_emails"):
            values.pop(name)
        values["minimum"] = values["minimum"] or 0
        values["most_weight"] = values["most_weight"] or MOST_WEIGHT
        values["kept_places"] = values["kept_places"] or 0
        values["kept_after"] = values["kept_after"] or KEPT_AFTER
        for name in ("chance_minutes", "dice_count", "dice_sides", "reveal_hours"):
            if values[name] is None:
                values[name] = getattr(self.before, name)
        if values["kind"] == Kind.OPEN:
            values["capacity"] = None
        return PolicyTerms(**values, approver_id=approver_id, deputy_id=deputy_id, auditor_id=auditor_id)

    def clean_witness_emails(self) -> list[str]:
        """The addresses, each looked at; in order, none twice."""
        found = list(dict.fromkeys(self.cleaned_data["witness_emails"].replace(",", " ").lower().split()))
        for address in found:
            validate_email(address)
        return found


_WORDS = {
    Kind.OPEN: _("Open: everyone who asks gets a seat"),
    Kind.FIRST_COME: _("First come: in the order of asking"),
    Kind.APPROVAL: _("Approval: each request is read and answered"),
    Kind.INVITATION: _("Invitation: only people you invited into the room"),
    Kind.DRAW: _("Draw: from all who ask by a date, with equal chances"),
}


class PoolForm(forms.Form):
    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    capacity = forms.IntegerField(label=_("Seats"), min_value=0, max_value=100_000, required=False)
    who = forms.ChoiceField(label=_("For whom"), choices=PoolWho.choices, required=False)
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label=_("Organisation"), required=False
    )
    opens_at = moment_field(_("Opens"))
    merges_at = moment_field(_("What is left is for everyone from"))
    remove = forms.BooleanField(label=_("Take this pool away"), required=False)

    def __init__(self, *args: Any, community_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(community_id=community_id)  # type: ignore[attr-defined]  # it is a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.is_used(data):
            if not data.get("name"):
                self.add_error("name", _("Give the pool a name."))
            if data.get("capacity") is None:
                self.add_error("capacity", _("Say how many seats it has."))
            if data.get("who") == PoolWho.ORGANISATION and not data.get("organisation"):
                self.add_error("organisation", _("Choose the organisation."))
        return data

    @staticmethod
    def is_used(data: dict[str, Any]) -> bool:
        return not data.get("remove") and bool(data.get("name") or data.get("capacity"))

    def terms(self) -> PoolTerms:
        data = self.cleaned_data
        organisation = data["organisation"] if data["who"] == PoolWho.ORGANISATION else None
        return PoolTerms(
            id=data["id"],
            name=data["name"],
            capacity=data["capacity"],
            who=data["who"] or PoolWho.EVERYONE,
            organisation_id=organisation.pk if organisation else None,
            opens_at=data["opens_at"],
            merges_at=data["merges_at"],
        )


def pool_form_set(standing: int) -> type[forms.BaseFormSet[PoolForm]]:
    """Room for one more pool; for two where there is none, as one alone makes little sense."""
    return forms.formset_factory(PoolForm, extra=1 if standing else 2, max_num=12, absolute_max=14)


class ByHandForm(forms.Form):
    """Someone who asked by phone or on paper."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    hope = forms.CharField(
        label=_("What would make it worth their time?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DecisionForm(forms.Form):
    """Approve, refuse or end a registration."""

    note = forms.CharField(
        label=_("Your words to them"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for a refusal: they read it."),
    )


class SearchForm(forms.Form):
    search = forms.CharField(label=_("Name or address"), required=False, max_length=120)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *State.choices])


class TargetsForm(forms.Form):
    """Least and most for each answer; both empty: no target."""

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines: list[tuple[TraitQuestion, list[TargetLine]]] = []
        self._at: dict[str, str] = {}
        for question, rows in sheet.rows.items():
            lines = [self._line(at, row) for at, row in enumerate(rows)]
            self.lines.append((question, lines))

    def _line(self, at: int, row: Row) -> TargetLine:
        names = [f"{side}-{row.question.pk}-{at}" for side in ("least", "most")]
        notes = f"notes-{row.question.pk}-{at}"
        for name, start, side in zip(names, (row.least, row.most), (_("least"), _("most")), strict=True):
            label = f"{row.value}: {side}"
            self.fields[name] = forms.IntegerField(
                label=label,
                required=False,
                min_value=0,
                max_value=100_000,
                initial=start,
                widget=forms.NumberInput(attrs={"aria-label": label, "aria-describedby": notes}),
            )
        # an error of the rules comes with the target's name and stands at its "least"
        self._at[row.name] = names[0]
        return TargetLine(row=row, least=self[names[0]], most=self[names[1]], slot=notes)

    @property
    def every_line(self) -> list[TargetLine]:
        return [line for _question, lines in self.lines for line in lines]

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(self._at.get(field or "", field), error)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for line in self.every_line:
            least, most = data.get(line.least.name), data.get(line.most.name)
            if (least is None) != (most is None) and not (line.least.errors or line.most.errors):
                self.add_error(line.least.name, _("Give both numbers, or neither."))
        return data

    def targets(self) -> list[TargetTerms]:
        """Those typed whole and without an error."""
        return [
            TargetTerms(
                question_id=line.row.question.pk,
                value=line.row.value,
                least=self.cleaned_data[line.least.name],
                most=self.cleaned_data[line.most.name],
            )
            for line in self.every_line
            if self.cleaned_data.get(line.least.name) is not None
            and self.cleaned_data.get(line.most.name) is not None
        ]

    def filled_in(
        self, targets: Mapping[str, tuple[int, int]], *, all_questions: bool = False
    ) -> dict[str, Any]:
        """What was typed, with these numbers (by row's name) in place; with `all_questions` nothing else."""
        data = {name: None if all_questions else self[name].value() for name in self.fields}
        for line in self.every_line:
            if line.row.name in targets:
                data[line.least.html_name], data[line.most.html_name] = targets[line.row.name]
        return {name: "" if value is None else value for name, value in data.items()}


@dataclass
class TargetLine:
    row: Row
    least: Any
    most: Any
    slot: str
    """The id of the place for what there is to say about it."""
    notes: Sequence[str] = ()
    cost: str = ""

    @property
    def errors(self) -> list[str]:
        return [*self.least.errors, *self.most.errors]

    @property
    def wrong(self) -> str:
        """Ids of the inputs that need another look."""
        sides = (self.least, self.most)
        found = [side.auto_id for side in sides if side.errors or self.notes]
        return " ".join(found)


class CorrectionForm(forms.Form):
    """Passed over, and the record does not say so."""

    workshop = forms.ModelChoiceField(
        queryset=Workshop.objects.none(), label=_("Which one?"), empty_label=_("Choose")
    )
    says = forms.CharField(
        label=_("What happened?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The stewards read it, with what we hold about you there, and nothing else."),
    )

    def __init__(self, *args: Any, workshops: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workshop"].queryset = workshops  # type: ignore[attr-defined]  # it is a ModelChoiceField


class CorrectionAnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Your reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They read it."),
    )
