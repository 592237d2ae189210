"""What is kept as English text is told in the reader's language; what others wrote stays in their words."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from django.test import Client
from django.utils.translation import override

import comptoir
from comptoir.accounts.models import User
from comptoir.web.api_words import WORDS
from comptoir.web.audit_words import ACTIONS
from comptoir.web.counts import COUNTS
from comptoir.web.known_words import SENTENCES, tell, tell_fault
from tests.web.shop import Shop

PACKAGE = Path(comptoir.__file__).parent


@cache
def _source() -> str:
    """The code without the seams of its long strings and with `''` where a value stands."""
    files = [
        file for file in PACKAGE.rglob("*.py") if "tests" not in file.parts and file.name != "known_words.py"
    ]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return re.sub(r'"\s*\n?\s*\+?\s*\(?\s*f?"', "", text)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_is_still_written_by_the_code(sentence: str) -> None:
    for fragment in re.split(r"%\(\w+\)s|: ", sentence):
        words = fragment.strip(" :.;«»")
        if len(words) > 8:
            assert words in _source(), "the code says this otherwise now: known_words.py would not know it"


def test_what_the_hub_wrote_is_told_in_french() -> None:
    with override("fr"):
        assert tell("No product has the SKU OLD-RUG: the order waits for it.") == (
            "Aucun produit n’a le SKU OLD-RUG\u00a0: la commande l’attend."
        )
        assert tell("The ERP rejected CO-7: 100 % closed\nday.") == "L’ERP a rejeté CO-7: 100 % closed\nday."
        assert tell("1010 Prix trop haut") == "1010 Prix trop haut"
    with override("en"):
        assert tell("No product has the SKU A: the order waits for it.").startswith(
            "No product has the SKU A"
        )


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("HTTP 401: the API key is not valid any more", "L’autre système refuse la clé ou le mot de passe"),
        ("A01: 403 Forbidden", "L’autre système refuse\u00a0: il manque un droit"),
        ("OR11: no connection ([Errno 111] Connection refused).", "L’autre système ne peut pas être joint"),
        ("OR11: 503 maintenance", "L’autre système est en panne pour l’instant"),
        ("The folder /srv/in cannot be used: No such file.", "Le dossier d’échange"),
    ],
)
def test_a_failure_is_explained_before_the_words_that_came(words: str, meaning: str) -> None:
    with override("fr"):
        told = tell_fault(words)
    assert told.startswith(meaning)
    assert told.endswith(words)


def test_a_number_in_a_refusal_is_no_status() -> None:
    with override("fr"):
        assert tell_fault("1010 The price 503 is above 401.") == "1010 The price 503 is above 401."


def test_a_suspended_channel_says_why_in_the_readers_language(shop: Shop, admin: Client) -> None:
    User.objects.update(language="fr")
    for page in ("/", "/channels/", "/channels/jardin/", "/issues/"):
        text = admin.get(page).content.decode()
        assert "refuse la clé ou le mot de passe" in text, page
        assert "HTTP 401: the API key is not valid any more" in text, page
    assert "Aucun produit n’a le SKU OLD-RUG" in admin.get("/issues/").content.decode()


def test_a_traceback_is_told_by_its_last_line() -> None:
    traceback = "Traceback (most recent call last):\n  File x\nValueError: no such day"
    with override("fr"):
        told = tell(f"purge failed 5 times in a row: {traceback}")
    assert told == "Purger a échoué 5 fois de suite\u00a0: ValueError: no such day"
    assert tell_fault(traceback) == "ValueError: no such day"


def test_what_every_flow_counts_has_words() -> None:
    counted = set(re.findall(r'\.count\("([a-z_]+)"', _source()))
    assert len(counted) > 40
    assert counted - COUNTS.keys() == set()


def test_what_is_audited_has_words_and_no_word_is_left_over(shop: Shop, admin: Client) -> None:
    written = set(re.findall(r'action="([a-z_]+\.[a-z_]+)"', _source()))
    assert len(written) > 50
    assert written - ACTIONS.keys() == set()
    for action in ACTIONS:
        start, _, end = action.partition(".")
        assert f'"{action}"' in _source() or f'"{end}"' in _source() or f'f"{start}.{{' in _source(), action
    User.objects.update(language="fr")
    page = admin.get("/audit/?action=channel.suspended").content.decode()
    assert "Canal suspendu" in page


def test_the_page_of_the_api_is_told_in_the_readers_language(shop: Shop, admin: Client) -> None:
    said: set[str] = set()
    for methods in admin.get("/api/v1/openapi.json").json()["paths"].values():
        for one in methods.values():
            said |= {one["summary"], one.get("description", ""), *one["tags"]}
            said |= {parameter.get("description", "") for parameter in one.get("parameters", [])}
    assert said - {""} == WORDS
    User.objects.update(language="fr")
    page = admin.get("/developers/").content.decode()
    for words in ("Commandes, par dernier changement", "Délais de préparation", "Combien de lignes au plus"):
        assert words in page
