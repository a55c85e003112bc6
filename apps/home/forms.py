"""The search box."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import BaseForm, Fieldset, TidyCharField


class SearchForm(BaseForm):
    """A name or a number, whatever is at hand."""

    q = TidyCharField(
        label=_("Name, pinyin, ID or household number"),
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    fieldsets = (Fieldset("", "q:12"),)
