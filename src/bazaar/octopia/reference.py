"""Lists of the account: carriers, delivery modes, conditions. Codes differ between real accounts."""

from __future__ import annotations

CARRIERS = {
    "COLISSIMO": "Colissimo",
    "CHRONOPOST": "Chronopost",
    "MONDIALRELAY": "Mondial Relay",
    "DPD": "DPD",
    "GLS": "GLS",
    "UPS": "UPS",
}
DELIVERY_MODES = {"TRK": "Envoi suivi", "REG": "Recommandé", "THD": "Domicile"}
CONDITIONS = frozenset({"New", "UsedLikeNew"})
TAXES = frozenset({"VAT", "Ecotax", "Deatax"})
