"""Fnac writes countries with three letters (ISO 3166-1 alpha-3); records use two."""

from __future__ import annotations

_ALPHA_2 = dict(
    pair.split(":")
    for pair in """
    FRA:FR MCO:MC BEL:BE LUX:LU ESP:ES PRT:PT CHE:CH DEU:DE ITA:IT NLD:NL GBR:GB IRL:IE AUT:AT DNK:DK
    SWE:SE FIN:FI NOR:NO POL:PL CZE:CZ SVK:SK HUN:HU ROU:RO BGR:BG GRC:GR HRV:HR SVN:SI EST:EE LVA:LV
    LTU:LT MLT:MT CYP:CY AND:AD SMR:SM VAT:VA LIE:LI ISL:IS USA:US CAN:CA
    GLP:GP MTQ:MQ GUF:GF REU:RE MYT:YT SPM:PM BLM:BL MAF:MF WLF:WF PYF:PF NCL:NC
    """.split()
)


def alpha_2(code: str) -> str:
    """The two letters; what is not a known three-letter code is given back as it came."""
    return _ALPHA_2.get(code.upper(), code)
