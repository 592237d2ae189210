"""Who is told of alerts, and from what on, is chosen on a screen and counts from the next minute on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import mail
from django.test import Client

from comptoir.accounts.models import User
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.flows.alert_choices import chosen
from comptoir.flows.alert_rules import RULES, rules, what_fires
from comptoir.flows.alert_ways import tell_by_email
from comptoir.flows.raise_alerts import ways
from comptoir.journal.alerts import note_alerts
from comptoir.journal.models import Alert, AlertNotice, Change
from tests.web.shop import Shop

PAGE = "/settings/alerts/"
GIVEN = {
    "emails": "zoe@example.org\nlea@example.org, zoe@example.org", "lag": "45", "suspended": "10", "silence": "",
    "issues": "20", "late_orders": "1", "key_expiry": "14", "queue": "10",
}  # fmt: skip


def limits() -> dict[str, float]:
    return {rule.key: rule.threshold for rule in rules()}


def test_what_is_chosen_is_what_the_rules_use_and_the_audit_knows(shop: Shop, admin: Client) -> None:
    assert limits()["lag"] == 1800
    assert admin.post(PAGE, GIVEN).status_code == 303
    assert (limits()["lag"], limits()["suspended"], limits()["key_expiry"]) == (2700, 600, 14 * 86_400)
    assert "silence" not in limits()
    assert list(chosen().emails) == ["zoe@example.org", "lea@example.org"]
    assert Change.objects.get(action="alerts.changed").after["thresholds"]["silence"] is None
    page = admin.get(PAGE).content.decode()
    assert 'value="45' in page
    assert "lea@example.org" in page


def test_a_channel_fires_by_the_limit_of_the_screen(shop: Shop, admin: Client) -> None:
    Channel.objects.filter(key="jardin").update(state_changed_at=clock.now() - timedelta(minutes=5))

    def fires() -> set[str]:
        return {one.rule for one in what_fires(clock.now())}

    assert "suspended" in fires()
    admin.post(PAGE, GIVEN)  # ten minutes
    assert "suspended" not in fires()


def test_the_addresses_of_the_screen_are_the_ones_that_are_told(
    shop: Shop, admin: Client, settings: Any
) -> None:
    settings.ALERT_EMAILS = ["old@example.org"]
    assert list(chosen().emails) == ["old@example.org"]
    admin.post(PAGE, GIVEN)
    note_alerts([("lag", "import_orders", "It is late.", 9.0)], ways=list(ways()), now=clock.now())
    tell_by_email(list(AlertNotice.objects.select_related("alert")))
    assert mail.outbox[0].to == ["zoe@example.org", "lea@example.org"]
    admin.post(PAGE, GIVEN | {"emails": ""})
    assert "email" not in ways()


def test_what_cannot_be_is_refused_and_nothing_is_kept(shop: Shop, admin: Client) -> None:
    for wrong in ({"emails": "nobody"}, {"lag": "-1"}, {"issues": "many"}):
        assert admin.post(PAGE, GIVEN | wrong).status_code == 422
    assert limits()["lag"] == 1800


def test_the_page_shows_what_lasts_and_what_is_over_in_french_too(shop: Shop, admin: Client) -> None:
    note_alerts([("lag", "import_orders", "It is late.", 9.0)], ways=[], now=clock.now())
    now = clock.now()
    Alert.objects.create(
        rule="issues", subject="x", message="Many.", value=1, began_at=now, seen_at=now, ended_at=now
    )
    User.objects.update(language="fr")
    page = admin.get(PAGE).content.decode()
    for words in ("Ce qui dure", "Flux en retard", "It is late.", "Many.", "Terminées"):
        assert words in page, words
    assert all(rule.key in page for rule in RULES)
