"""Buyers: invented, French, and as awkward as real addresses are."""

from __future__ import annotations

import unicodedata

from bazaar.world.facts import Buyer
from bazaar.world.randomness import NamedRandom

_FIRST = (
    "Léa",
    "Chloé",
    "Élodie",
    "Zoé",
    "Anaïs",
    "Jean-François",
    "Noël",
    "Loïc",
    "Gaëtan",
    "Hugo",
    "Inès",
    "Maël",
    "Théo",
    "Marie-Hélène",
    "Aïcha",
    "Mehdi",
    "Nguyễn",
    "Camille",
    "Stéphane",
    "Jérôme",
)
_LAST = (
    "Martin",
    "Lefèvre",
    "D'Angelo",
    "L'Hermitte",
    "Garçon",
    "Müller",
    "Benoît",
    "Nuñez",
    "Le Goff",
    "Œuvrard",
    "de La Rochefoucauld-Montbel",
    "Petit",
    "Traoré",
    "Bérenger",
    "Châtelain",
    "O'Connor",
    "Dupont",
    "Guérin",
)
_STREETS = (
    "rue de l'Église",
    "avenue du Général-de-Gaulle",
    "impasse des Mûriers",
    "boulevard Voltaire",
    "place d'Armes",
    "chemin de la Croix-Blanche",
    "allée des Cèdres",
    "quai Saint-Antoine",
    "cours Lafayette",
)
_TOWNS = (
    ("75011", "Paris"),
    ("69003", "Lyon"),
    ("13006", "Marseille"),
    ("31000", "Toulouse"),
    ("44000", "Nantes"),
    ("67000", "Strasbourg"),
    ("59000", "Lille"),
    ("38400", "Saint-Martin-d'Hères"),
    ("01000", "Bourg-en-Bresse"),
    ("14130", "Pont-l'Évêque"),
    ("62610", "Bois-en-Ardres"),
    ("20000", "Ajaccio"),
    ("97400", "Saint-Denis"),
    ("76190", "Sainte-Marie-des-Champs"),
)
_COMPANIES = (
    "SARL L'Atelier d'Émile",
    "Pixel & Cie",
    "SAS Boulangerie Gérard – Fils",
    "Association Les Joueurs de l'Ouest",
)
_SECOND = (
    "Bât. C, esc. 2, 3e étage",
    "Chez Mme Lefèvre",
    "Résidence « Les Tilleuls »",
    "Lieu-dit Le Clos",
    "Appt 12",
)
_LONG = "Zone d'activités de la Grande Plaine du Moulin-à-Vent, bâtiment Amélie-Poulain, porte 14 bis"


def make_buyer(rng: NamedRandom) -> Buyer:
    """One in ten has a company, one in three a second line, one in forty a line longer than labels take."""
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    postcode, town = rng.choice(_TOWNS)
    second = rng.choice(_SECOND) if rng.random() < 1 / 3 else ""
    company = rng.choice(_COMPANIES) if rng.random() < 0.1 else ""
    if rng.random() < 0.025:
        second = _LONG
    return Buyer(
        firstname=first,
        lastname=last,
        street_1=f"{rng.randint(1, 240)}{rng.choice(('', '', '', ' bis', ' ter'))} {rng.choice(_STREETS)}",
        street_2=second,
        postcode=postcode,
        city=town,
        country="FR",
        email=f"{_plain(first)}.{_plain(last)}.{rng.randint(1, 99999)}@example.org",
        phone=f"+33{rng.choice('67')}{rng.randint(0, 99999999):08d}",
        company=company,
    )


def _plain(name: str) -> str:
    """Letters only, without accents, as people choose their addresses."""
    folded = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe"))
    return "".join(letter for letter in folded if letter.isascii() and letter.isalpha())
