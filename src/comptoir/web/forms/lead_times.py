"""Rules of preparation and calendars, as a person writes them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from comptoir.inventory.calendar_models import LONGEST, LeadTimeRule, WorkCalendar, usual_weekdays
from comptoir.inventory.calendars import CalendarDraft, countries
from comptoir.inventory.lead_time_rules import LeadTimeDraft
from comptoir.web.country_names import by_name
from comptoir.web.forms.base import HubForm
from comptoir.web.forms.scopes import ScopeForm

REFUSALS = {
    "days": _("Between 0 and 60 working days."),
    "scope": _("An article or a family, not both."),
    "exists": _("There is a rule of exactly that already: change it instead."),
    "weekdays": _("At least one day of the week has to be worked."),
    "country": _("No public holidays are known of this country."),
    "region": _("This country has no such region."),
    "in_closure": _("Choose one of the two."),
    "name": _("A closed period needs a name."),
    "dates": _("It would end before it begins."),
    "too_long": _("A closed period lasts a year at the most."),
    "never_open": _("It would be closed for two years: nothing could ever leave."),
}
IN_CLOSURE = [
    (WorkCalendar.InClosure.LENGTHEN, _("Stay on sale, later")),
    (WorkCalendar.InClosure.PAUSE, _("Pause, then show again")),
]
"""Of the offers; as short as a choice on a telephone."""
_DAY = "%Y-%m-%d"


class LeadTimeForm(ScopeForm):
    field_order = ("days", "sku", "family", "channel")
    days = forms.IntegerField(
        label=_("Working days of preparation"), min_value=0, max_value=LONGEST,
        help_text=_("0: it leaves on the day that it is ordered, before the cut-off hour."),
    )  # fmt: skip

    def __init__(self, rule: LeadTimeRule | None, *args: Any, **kwargs: Any) -> None:
        if rule is not None:
            kwargs["initial"] = {
                "days": rule.days, "sku": "" if rule.product is None else rule.product.sku,
                "family": rule.family, "channel": rule.channel_id,
            }  # fmt: skip
        super().__init__(*args, **kwargs)

    def draft(self) -> LeadTimeDraft:
        given = dict(self.cleaned_data)
        return LeadTimeDraft(given["days"], given["sku"], given["family"], given["channel"])

    def refuse(self, code: str) -> None:
        self.add_error({"days": "days", "scope": "family"}.get(code), REFUSALS[code])


class CalendarForm(HubForm):
    cutoff = forms.TimeField(
        label=_("Cut-off hour"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("An order from then on counts from the next working day. Empty: the whole day counts."),
    )  # fmt: skip
    country = forms.ChoiceField(label=_("Public holidays of"), required=False)
    region = forms.CharField(
        label=_("Region"), max_length=12, required=False,
        help_text=_("For holidays of its own, by its code: 57 (Moselle), 6AE (Alsace), 974 (Réunion). Empty: none."),
    )  # fmt: skip
    in_closure = forms.ChoiceField(
        label=_("Offers during a closed period"), choices=IN_CLOSURE, initial="lengthen"
    )

    def __init__(self, calendar: WorkCalendar | None, *args: Any, **kwargs: Any) -> None:
        worked = usual_weekdays() if calendar is None else calendar.weekdays
        if calendar is not None:
            kwargs["initial"] = {
                "cutoff": calendar.cutoff, "country": calendar.country, "region": calendar.region,
                "in_closure": calendar.in_closure,
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        for day, name in WEEKDAYS.items():
            self.fields[f"day_{day}"] = forms.BooleanField(
                label=capfirst(name), required=False, initial=day in worked
            )
        self.order_fields([f"day_{day}" for day in WEEKDAYS])
        choice = self.fields["country"]
        if not isinstance(choice, forms.ChoiceField):
            raise TypeError(choice)
        choice.choices = [("", _("No country")), *by_name(list(countries()))]
        self.dress()

    def draft(self) -> CalendarDraft:
        given = self.cleaned_data
        days = tuple(day for day in WEEKDAYS if given[f"day_{day}"])
        return CalendarDraft(
            days, given["cutoff"], given["country"], given["region"].strip(), given["in_closure"]
        )

    def refuse(self, code: str) -> None:
        self.add_error(code if code in self.fields else None, REFUSALS[code])


class ClosureForm(HubForm):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Such as “summer closing”."))
    first = forms.DateField(
        label=_("First closed day"), widget=forms.DateInput(attrs={"type": "date"}, format=_DAY)
    )
    last = forms.DateField(
        label=_("Last closed day"), widget=forms.DateInput(attrs={"type": "date"}, format=_DAY)
    )

    def refuse(self, code: str) -> None:
        self.add_error("last" if code in ("dates", "too_long", "never_open") else "name", REFUSALS[code])
