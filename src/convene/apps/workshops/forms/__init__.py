"""Forms of planning. They read wall times and say beside the field what is wrong; services check again."""

from convene.apps.workshops.forms.details import DetailsForm, NewWorkshopForm, RunForm
from convene.apps.workshops.forms.people import (
    AnswerForm,
    FacilitationForm,
    FacilitatorForm,
    RoomForm,
    SlotAnswersForm,
    ViewForm,
)
from convene.apps.workshops.forms.preparing import ChecklistForm, MinimumForm, ReasonForm, ResourceForm
from convene.apps.workshops.forms.times import SessionForm, SlotForm, session_formset

__all__ = [
    "AnswerForm",
    "ChecklistForm",
    "DetailsForm",
    "FacilitationForm",
    "FacilitatorForm",
    "MinimumForm",
    "NewWorkshopForm",
    "ReasonForm",
    "ResourceForm",
    "RoomForm",
    "RunForm",
    "SessionForm",
    "SlotAnswersForm",
    "SlotForm",
    "ViewForm",
    "session_formset",
]
