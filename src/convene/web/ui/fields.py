"""Forms: a field with its label, help and error; what went wrong at the head."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.forms.boundfield import BoundField
from django.template import TemplateSyntaxError
from django.template.loader import get_template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from convene.web.ui.library import NOTHING, one_of, register

WIDTHS = ("full", "medium", "short")
_CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def _shape(bound: BoundField) -> str:
    """How the field is laid out: choices, tick, group (several inputs) or line."""
    widget = bound.field.widget
    if isinstance(widget, _CHOICES):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "group" if widget.use_fieldset else "line"


def _described_by(bound: BoundField) -> str:
    parts = []
    if bound.help_text:
        parts.append(f"{bound.auto_id}_helptext")
    if bound.errors:
        parts.append(f"{bound.auto_id}_error")
    return " ".join(parts)


@register.simple_tag
def field(bound: BoundField, width: str = "full") -> SafeString:
    """A form's field whole: label, help, input, error. Groups of inputs get a fieldset."""
    one_of(width, WIDTHS, tag="field", argument="width")
    if not isinstance(bound, BoundField):
        raise TemplateSyntaxError("{% field %}: the form has no such field.")
    if bound.is_hidden:
        return mark_safe(str(bound))  # noqa: S308 - a widget escapes
    shape = _shape(bound)
    attrs: dict[str, str | bool] = {} if bound.auto_id else {"aria-label": str(bound.label)}
    context = {
        "bound": bound,
        "shape": shape,
        "width": width,
        "described_by": _described_by(bound),
        "control": "" if shape == "choices" else bound.as_widget(attrs=attrs),
        "required": bound.field.required,
    }
    return mark_safe(get_template("ui/field.html").render(context))  # noqa: S308 - our own template escapes


@register.simple_tag
def fields(form: forms.BaseForm, only: str = "", width: str = "full") -> SafeString:
    """All fields of a form (or those named), in order, with the hidden ones."""
    names = only.split()
    unknown = [name for name in names if name not in form.fields]
    if unknown:
        raise TemplateSyntaxError(f"{{% fields %}}: the form has no {', '.join(unknown)}.")
    chosen = [form[name] for name in names] if names else form.visible_fields()
    hidden = [] if names else form.hidden_fields()
    return format_html_join("", "{}", ((field(bound, width=width),) for bound in [*hidden, *chosen]))


def _complaints(form: forms.BaseForm) -> Iterator[tuple[str, str, str]]:
    """Address of the field, its label, what is wrong."""
    for error in form.non_field_errors():
        yield "", "", str(error)
    for bound in form:
        target = "" if bound.is_hidden else _first_input(bound)
        for error in bound.errors:
            yield target, str(bound.label), str(error)


def _first_input(bound: BoundField) -> str:
    if _shape(bound) in {"choices", "group"}:
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


@register.simple_tag
def error_summary(*forms_: forms.BaseForm | forms.BaseFormSet[forms.BaseForm]) -> SafeString:
    """What went wrong, at the head of the form, each with a way to its field. Nothing when all is well."""
    complaints: list[tuple[str, str, str]] = []
    for each in forms_:
        if isinstance(each, forms.BaseFormSet):
            complaints += [("", "", str(error)) for error in each.non_form_errors()]
            complaints += [line for form in each.forms for line in _complaints(form)]
        elif isinstance(each, forms.BaseForm):
            complaints += _complaints(each)
        else:
            raise TemplateSyntaxError("{% error_summary %}: give it forms.")
    if not complaints:
        return NOTHING
    lines = format_html_join("", "<li>{}</li>", ((_line(*complaint),) for complaint in complaints))
    title = ngettext(
        "One thing needs another look", "%(count)s things need another look", len(complaints)
    ) % {"count": len(complaints)}
    return format_html(
        '<div class="error-summary" role="alert" tabindex="-1" data-focus>'
        '<h2 class="error-summary__title">{}</h2><ul class="error-summary__list">{}</ul></div>',
        title,
        lines,
    )


def _line(target: str, label: str, error: str) -> SafeString:
    if not target:
        return format_html("{}", error)
    return format_html('<a href="#{}">{}</a>: {}', target, label, error)
