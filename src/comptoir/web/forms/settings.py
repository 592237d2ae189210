"""The merchant's own name and mentions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.models import fields_for_model, model_to_dict

from comptoir.web.forms.base import HubForm
from comptoir.web.models import Company


class CompanyForm(HubForm):
    """Its fields, labels and limits are those of the table."""

    def __init__(self, company: Company, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial=model_to_dict(company), **kwargs)
        widgets: dict[str, type[forms.Widget] | forms.Widget] = {"address": forms.Textarea(attrs={"rows": 3})}
        self.fields.update(fields_for_model(Company, exclude=["id"], widgets=widgets))
        self.dress()
