"""The form of a Sage X3 is made from its settings, in French too; what makes no sense is said beside its field."""

from __future__ import annotations

import html

from django.test import Client

from comptoir.channels.models import Channel
from comptoir.connectors.sage_x3.settings import SageX3Settings

PATH = "/channels/connect/sage_x3/"


def test_every_setting_has_its_field_and_its_words_in_french(admin: Client) -> None:
    admin.post("/language/", {"language": "fr", "next": PATH})
    page = html.unescape(admin.get(PATH).content.decode())
    for field in SageX3Settings.fields():
        assert f'name="{field.name}"' in page, field.name
    for words in ("Adresse de Sage X3", "Site de vente", "Notre référence est le numéro de la commande"):
        assert words in page
    assert 'type="password"' in page


def test_a_mapping_that_cannot_be_read_is_refused_in_words(admin: Client) -> None:
    form = {
        "key": "x3", "name": "Sage X3", "base_url": "https://x3.example.com:8124", "endpoint": "SEED",
        "pool": "COMPTOIR", "user": "COMPT", "password": "secret-of-the-form", "sales_site": "FR011",
        "stock_site": "FR012", "customer": "MKDIVERS", "mapping": "items.titel=YDES",
    }  # fmt: skip
    answer = admin.post(PATH, form)
    assert "Write name=GROUP.FIELD" in answer.content.decode()
    assert "secret-of-the-form" not in answer.content.decode()
    assert not Channel.objects.filter(key="x3").exists()
