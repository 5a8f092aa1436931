"""Questions about people, stakeholders, conduct."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.models import Stakeholder, TraitQuestion
from convene.apps.people.models import Person

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NOT_SAID = "__not_said__"
NO_ANSWER = "__none__"


class QuestionForm(forms.Form):
    label = forms.CharField(
        label=_("Question"), max_length=120, help_text=_("For instance “What kind of work do you do?”")
    )
    purpose = forms.CharField(
        label=_("What the answers are used for"),
        max_length=300,
        help_text=_("People decide by this sentence whether to answer. It cannot change afterwards."),
    )
    values = forms.CharField(
        label=_("Answers to choose from"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line. “Prefer not to say” is always there; you need not add it."),
    )


class AnswersForm(forms.Form):
    """One radio group a question, named by its key; nothing is required."""

    def __init__(
        self, *args: Any, questions: list[TraitQuestion], answers: dict[Any, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            said = answers.get(question.pk)
            self.fields[str(question.pk)] = forms.ChoiceField(
                label=question.label,
                required=False,
                choices=[
                    *((value, value) for value in question.values),
                    (NOT_SAID, _("Prefer not to say")),
                    (NO_ANSWER, _("No answer")),
                ],
                initial=NO_ANSWER if said is None else said or NOT_SAID,
                widget=forms.RadioSelect,
                help_text=_("Used for: %(purpose)s") % {"purpose": question.purpose},
            )

    def answer_to(self, question: TraitQuestion) -> str | None:
        """The answer, "" for prefers not to say, None for none."""
        given = self.cleaned_data.get(str(question.pk)) or NO_ANSWER
        return {NOT_SAID: "", NO_ANSWER: None}.get(given, given)


class StakeholderForm(forms.ModelForm[Stakeholder]):
    class Meta:
        model = Stakeholder
        fields = ["name", "stake", "wants", "last_on", "next_on"]
        widgets = {
            "stake": forms.Textarea(attrs={"rows": 2}),
            "wants": forms.Textarea(attrs={"rows": 2}),
            "last_on": DATE,
            "next_on": DATE,
        }
        help_texts = {
            "name": _("A body or a person: “Heads of nursing”, “Patients' council”."),
            "wants": _("What would show them that this community is worth it?"),
        }

    contact_email = forms.EmailField(
        label=_("Mail address of the person behind it"),
        required=False,
        help_text=_("They can see and erase what is kept about them, like everyone."),
    )
    contact_name = forms.CharField(label=_("Their name"), required=False, max_length=120)
    keeper = forms.ModelChoiceField(
        label=_("Who keeps in touch"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("nobody yet"),
    )

    def __init__(self, *args: Any, keepers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["keeper"]
        assert isinstance(chooser, forms.ModelChoiceField)
        chooser.queryset = keepers
        self.order_fields(
            ["name", "stake", "wants", "contact_email", "contact_name", "keeper", "last_on", "next_on"]
        )


class ContactForm(forms.Form):
    on = forms.DateField(label=_("When"), widget=DATE)
    note = forms.CharField(
        label=_("What came of it"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    next_on = forms.DateField(label=_("Next contact due"), required=False, widget=DATE)


class ReportForm(forms.Form):
    text = forms.CharField(
        label=_("What happened?"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("In your own words. When, where and who else was there helps, if you know."),
        max_length=20000,
    )
    about = forms.CharField(
        label=_("Who is it about?"),
        required=False,
        max_length=300,
        help_text=_("Only if you want to say."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact = forms.ChoiceField(
        label=_("Who shall read it?"),
        widget=forms.RadioSelect,
        help_text=_("Only this person will ever see it, or that it exists."),
    )
    excluded = forms.MultipleChoiceField(
        label=_("Is one of them involved?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever you tick here will never see it, not even if you choose another reader later."),
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=120,
        help_text=_("Leave it empty to report without a name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    mail = forms.EmailField(
        label=_("Your mail address"),
        required=False,
        help_text=_("We write there “there is something for you to read”, and not about what. Optional."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    known = forms.BooleanField(
        label=_("Keep this report with my account"),
        required=False,
        help_text=_("Then you find the answers when you sign in, also without the code."),
    )

    def __init__(self, *args: Any, contacts: list[Person], signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(contact.pk), str(contact)) for contact in contacts]
        for name in ("contact", "excluded"):
            chooser = self.fields[name]
            assert isinstance(chooser, forms.ChoiceField)
            chooser.choices = people
        if len(people) < 2:  # noqa: PLR2004  # with one reader there is nobody else to leave out
            del self.fields["excluded"]
        if not signed_in:
            del self.fields["known"]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Your code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Four groups of five letters and digits."),
    )


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("Your message"), widget=forms.Textarea(attrs={"rows": 4}), max_length=10000
    )


class MoveForm(forms.Form):
    contact = forms.ChoiceField(label=_("Another reader"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, contacts: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["contact"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = [(str(contact.pk), str(contact)) for contact in contacts]


class CloseForm(forms.Form):
    reason = forms.CharField(
        label=_("How it ended"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The reporter reads this."),
        max_length=4000,
    )
