"""Starting a community; its charter and settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from convene.apps.communities import rules
from convene.apps.communities.models import Community
from convene.apps.communities.rules.templates import TEMPLATE_LABELS
from convene.apps.people.rules import zones_by_region


class OptionalEmailField(forms.EmailField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.widget.attrs["autocomplete"] = "off"


class StartForm(forms.Form):
    """One page, three minutes: nothing here that can wait."""

    name = forms.CharField(
        label=_("What is your community called?"),
        max_length=120,
        help_text=_("For instance “Evidence synthesis”. You can change it later."),
    )
    domain = forms.CharField(
        label=_("What is it about, in one sentence?"),
        max_length=300,
        help_text=_("What its people care about and work on."),
    )
    colleague_1 = OptionalEmailField(
        label=_("A colleague's mail address"),
        help_text=_("They get one mail with your name and a way to say yes or no."),
    )
    colleague_2 = OptionalEmailField(label=_("Another colleague's mail address"))
    template = forms.ChoiceField(
        label=_("Your first session"),
        choices=[(name.value, label) for name, (label, _text) in TEMPLATE_LABELS.items()],
        initial=rules.TemplateName.HOT_TOPIC.value,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["template"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = [
            (name.value, f"{label} – {text}") for name, (label, text) in TEMPLATE_LABELS.items()
        ]


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class CharterForm(forms.Form):
    """The charter, one page. `based_on` is the version its writer saw."""

    domain = forms.CharField(
        label=_("Domain"), max_length=300, help_text=_("What we care about, in one sentence.")
    )
    practice = forms.CharField(
        label=_("Practice"),
        required=False,
        widget=_area(),
        help_text=_("What we do together, and what we share: cases, methods, tools, stories."),
    )
    who_for = forms.CharField(label=_("Who it is for"), required=False, widget=_area())
    not_for = forms.CharField(
        label=_("Who it is not for"),
        required=False,
        widget=_area(),
        help_text=_("Said kindly, this saves people a disappointment."),
    )
    criteria = forms.CharField(
        label=_("How we decide about membership"),
        required=False,
        widget=_area(),
        help_text=_("Everyone reads these criteria before they apply."),
    )
    elsewhere = forms.CharField(
        label=_("Where we point others to"),
        required=False,
        widget=_area(),
        help_text=_("Courses, groups or people for those this community does not suit."),
    )
    stop_when = forms.CharField(
        label=_("What would make us stop"),
        required=False,
        widget=_area(),
        help_text=_("A community that knows when it is done ends with thanks, not with silence."),
    )
    conduct = forms.CharField(label=_("How we treat each other"), required=False, widget=_area(6))
    conduct_elsewhere = forms.CharField(
        label=_("Where to turn outside this community"),
        required=False,
        widget=_area(2),
        help_text=_(
            "For someone who can tell none of our conduct contacts: an ombudsperson, a staff council."
        ),
    )
    note = forms.CharField(label=_("Why it changes"), required=False, max_length=300)
    based_on = forms.IntegerField(widget=forms.HiddenInput)


class SettingsForm(forms.ModelForm[Community]):
    class Meta:
        model = Community
        fields = ["name", "contact", "zone", "language", "stage"]
        help_texts = {
            "contact": _("Replies to the community's mails go here; everyone can see it."),
            "zone": _("New sessions start in this zone; everyone reads times in their own."),
            "language": _("Of the mails to people who have not chosen one."),
            "stage": _("How the community sees itself at present."),
        }

    outside_reader = forms.CharField(
        label=_("Outside reader"),
        required=False,
        help_text=_("The mail address of somebody outside who also reads applications. Optional."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"] = forms.ChoiceField(
            label=self.fields["zone"].label,
            help_text=self.fields["zone"].help_text,
            choices=[
                (region, [(zone, zone.replace("_", " ")) for zone in zones])
                for region, zones in zones_by_region()
            ],
        )
        self.fields["language"] = forms.ChoiceField(
            label=self.fields["language"].label,
            help_text=self.fields["language"].help_text,
            choices=settings.LANGUAGES,
        )
        stage = self.fields["stage"]
        assert isinstance(stage, forms.ChoiceField)
        stage.choices = [choice for choice in Community.Stage.choices if choice[0] != Community.Stage.CLOSED]
        self.order_fields(["name", "contact", "zone", "language", "stage", "outside_reader"])

    def clean_outside_reader(self) -> str:
        address: str = self.cleaned_data["outside_reader"].strip()
        if address:
            try:
                validate_email(address)
            except ValidationError as error:
                raise ValidationError(_("Please give a mail address, such as name@example.org.")) from error
        return address


class ReasonForm(forms.Form):
    """For whatever ends: why."""

    reason = forms.CharField(label=_("Why?"), max_length=300, help_text=_("Those concerned will read it."))


class OptionalReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Would you tell us why?"),
        max_length=300,
        required=False,
        help_text=_("Stewards read it. You need not."),
    )
