"""What a French gaming-accessories merchant sells. Every brand here is invented."""

from __future__ import annotations

from typing import NamedTuple


class Range(NamedTuple):
    code: str  # first letters of the SKU
    name: str
    label: str
    features: tuple[str, ...]
    prices: tuple[float, float]  # tax included, EUR
    weight_g: int
    size_mm: tuple[int, int, int]


RANGES = (
    Range(
        "SOU",
        "Souris",
        "souris gaming",
        ("filaire 16 000 DPI", "sans fil 26 000 DPI", "ultra-légère 59 g", "MMO 12 boutons"),
        (19, 140),
        180,
        (140, 90, 60),
    ),
    Range(
        "CAS",
        "Casques",
        "casque gaming",
        ("7.1 USB", "sans fil 2,4 GHz", "filaire jack 3,5 mm", "à réduction de bruit"),
        (24, 220),
        620,
        (230, 210, 110),
    ),
    Range(
        "CLA",
        "Claviers",
        "clavier",
        ("mécanique AZERTY", "TKL AZERTY à switchs rouges", "60 % AZERTY", "à membrane rétroéclairé"),
        (29, 210),
        1100,
        (460, 170, 50),
    ),
    Range(
        "MAN",
        "Manettes",
        "manette",
        ("PC/console filaire", "Bluetooth", "à palettes arrière", "rétro"),
        (24, 180),
        420,
        (180, 150, 80),
    ),
    Range(
        "TAP",
        "Tapis de souris",
        "tapis de souris",
        ("XXL 900 × 400 mm", "rigide", "RGB", "tissé bords cousus"),
        (9, 60),
        450,
        (420, 80, 80),
    ),
    Range(
        "CHA",
        "Sièges",
        "siège gaming",
        ("inclinable 155°", "à coussin lombaire", "en tissu respirant"),
        (119, 480),
        21000,
        (860, 680, 340),
    ),
    Range(
        "MIC",
        "Micros",
        "microphone",
        ("USB cardioïde", "XLR avec bras", "à filtre anti-pop"),
        (35, 190),
        780,
        (240, 180, 120),
    ),
    Range(
        "CAM",
        "Webcams",
        "webcam",
        ("1080p 60 i/s", "4K", "avec anneau lumineux"),
        (29, 190),
        260,
        (120, 110, 90),
    ),
    Range(
        "VOL",
        "Volants",
        "volant de course",
        ("à retour de force", "avec pédalier", "compatible console"),
        (79, 460),
        5200,
        (480, 400, 330),
    ),
    Range(
        "SUP",
        "Supports",
        "support",
        ("pour casque avec hub USB", "d'écran à vérin", "de manette double"),
        (14, 120),
        900,
        (320, 200, 120),
    ),
    Range(
        "CHG",
        "Chargeurs",
        "station de charge",
        ("pour deux manettes", "verticale avec ventilateur", "USB-C 65 W"),
        (14, 70),
        340,
        (200, 150, 90),
    ),
    Range(
        "LUM",
        "Éclairage",
        "éclairage d'ambiance",
        ("LED 5 m", "à panneaux hexagonaux", "derrière l'écran"),
        (15, 160),
        540,
        (260, 220, 80),
    ),
)

BRANDS = ("Korvex", "Nyxaris", "Héliane", "Volt&Fils", "Tarsk", "Orion-9", "Mistral Gear", "Quetzal")
SERIES = ("Aube", "Strix", "Pulsar", "Rafale", "Écho", "Onyx", "Vega", "L'Éclair")
COLOURS = ("noir", "blanc", "gris anthracite", "rouge", "bleu nuit", "rose poudré", "vert d'eau")
SUPPLIERS = ("GROSSISTE-LYON", "IMPORT-HAVRE", "DISTRI-NORD", "PLAYTRADE")
