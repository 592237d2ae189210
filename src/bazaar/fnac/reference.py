"""Lists that do not change: carriers."""

from __future__ import annotations

from lxml import etree

from bazaar.fnac.exchange import Call, add, reply_to

CARRIERS = (
    ("CHRONOPOST", "Chronopost"),
    ("COLIS_PRIVE", "Colis Privé"),
    ("DHL", "DHL"),
    ("DPD", "DPD"),
    ("FEDEX", "Fedex"),
    ("GLS", "GLS"),
    ("LAPOSTE", "La Poste"),
    ("MONDIAL_RELAY", "Mondial Relay"),
    ("SOCOLISSIMO", "SoColissimo"),
    ("TAT", "TAT Express"),
    ("TNT", "TNT"),
    ("UPS", "UPS"),
)


async def carriers_query(_: Call) -> etree._Element:
    reply = reply_to("carriers_query")
    for code, name in CARRIERS:
        add(add(reply, "carrier", attributes={"code": code, "global": "1"}), "name", name, cdata=True)
    return reply
