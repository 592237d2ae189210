"""A healthy X3 in miniature: lists by class, and the web service's answers."""

from __future__ import annotations

from typing import Any

from lxml import etree

from comptoir.connectors.sage_x3.settings import SageX3Settings
from comptoir.sdk.testing import Scripted, SeenRequest

SETTINGS: dict[str, object] = {
    "endpoint": "SEED", "pool": "COMPTOIR", "user": "COMPT", "password": "p-123456-basic", "sales_site": "FR011",
    "stock_site": "FR012", "customer": "MKDIVERS",
}  # fmt: skip
ITEM: dict[str, Any] = {"ITMREF": "MUG", "ITMDES1": "Mug en grès", "EANCOD": "4006381333931", "ITMSTA": 1,
                        "TCLCOD": "TABLE", "VACITM": ["NOR"], "ITMWEI": 0.35, "WEU": "KG",
                        "UPDDAT": "2026-11-23"}  # fmt: skip
ORDER: dict[str, Any] = {"SOHNUM": "FR011SON000001", "CUSORDREF": "CO-000000001", "ORDDAT": "2026-11-23",
                         "ORDSTA": 1, "DLVSTA": 1, "ALLSTA": 1, "INVSTA": 1, "ORDINVATI": 12.5,
                         "UPDDAT": "2026-11-23", "UPDDATTIM": "2026-11-23T09:05:00.000Z"}  # fmt: skip
ROWS: dict[str, list[dict[str, Any]]] = {
    "ITMMASTER": [ITEM],
    "ITMSALES": [{"ITMREF": "MUG", "BASPRI": 10}],
    "ITMBPS": [{"ITMREF": "MUG", "BPSNUM": "GRES", "PIO": 1}],
    "ITMMVT": [{"ITMREF": "MUG", "STOFCY": "FR012", "PHYSTO": 9, "ORDSTO": 3, "AVC": 4.2, "UPDDAT": "2026-11-23"}],
    "STOCK": [{"ITMREF": "MUG", "STOFCY": "FR012", "STOCOU": 1, "CUMALLQTY": 2}],
    "STOJOU": [{"VCRTYP": 4, "VCRNUM": "SDH1", "VCRLIN": 1000, "MVTSEQ": 7, "ITMREF": "MUG", "STOFCY": "FR012",
                "QTYSTU": -1, "CREDATTIM": "2026-11-23T08:00:00.000Z"}],
    "SORDER": [ORDER],
    "SORDERQ": [{"SOHNUM": "FR011SON000001", "SOPLIN": 1000, "ITMREF": "MUG", "STOFCY": "FR012", "ALLQTYSTU": 2,
                 "SOQSTA": 1}],
    "SDELIVERY": [{"SDHNUM": "SDH1", "BPTNUM": "COLISSIMO", "BOLNUM": "6A0001"}],
    "SDELIVERYD": [{"SDHNUM": "SDH1", "SDDLIN": 1000, "SOHNUM": "FR011SON000001"}],
    "SINVOICE": [{"NUM": "SIH1", "INVTYP": 1, "INVREF": "", "BPR": "MKDIVERS", "INVDAT": "2026-11-23", "CUR": "EUR",
                  "AMTATI": 12.5, "AMTNOT": 10.42, "UPDDAT": "2026-11-23"}],
    "SINVOICED": [{"NUM": "SIH1", "SIDLIN": 1000, "SOHNUM": "FR011SON000001", "SDHNUM": "SDH1", "ITMREF": "MUG",
                   "QTY": 2, "AMTATILIN": 12.5}],
    "PORDER": [{"POHNUM": "POH1", "ORDREF": "PO-1", "CLEFLG": 1, "UPDDAT": "2026-11-23",
                "UPDDATTIM": "2026-11-23T09:05:00.000Z"}],
    "PORDERQ": [{"POHNUM": "POH1", "POPLIN": 1000, "ITMREF": "MUG", "QTYSTU": 9, "RCPQTYSTU": 4}],
    "BPCUSTOMER": [{"BPCNUM": "MKDIVERS"}],
}  # fmt: skip
SAVED = ('<RESULT><GRP ID="SOH0_1"><FLD NAME="SOHNUM" TYPE="Char">FR011SON000002</FLD></GRP>'
         '<GRP ID="SIH0_1"><FLD NAME="NUM" TYPE="Char">AVC1</FLD></GRP></RESULT>')  # fmt: skip
READ = ('<RESULT><GRP ID="SOH0_1"><FLD NAME="SOHNUM" TYPE="Char">FR011SON000001</FLD>'
        '<FLD NAME="BPCORD" TYPE="Char">MKDIVERS</FLD></GRP><TAB DIM="1002" ID="SOH4_1" SIZE="2">'
        '<LIN NUM="1"><FLD NAME="NUMLIG" TYPE="Integer">1000</FLD><FLD NAME="ITMREF" TYPE="Char">MUG</FLD>'
        '<FLD NAME="QTY" TYPE="Decimal">3</FLD><FLD NAME="DLVQTY" TYPE="Decimal">0</FLD>'
        '<FLD MENULAB="En attente" MENULOCAL="279" NAME="SOQSTA" TYPE="Integer">1</FLD></LIN>'
        '<LIN NUM="2"><FLD NAME="NUMLIG" TYPE="Integer"/><FLD NAME="ITMREF" TYPE="Char"/></LIN>'
        "</TAB></RESULT>")  # fmt: skip


def settings(url: str = "https://x3.example", **changed: object) -> SageX3Settings:
    return SageX3Settings.load({**SETTINGS, "base_url": url, **changed})


def answer(request: SeenRequest) -> Scripted:
    name = request.path.rpartition("/")[2]
    if request.method == "GET":
        rows = [] if name == "SORDER" and " in (" in request.query.get("where", "") else ROWS[name]
        return Scripted(body={"$resources": rows, "$links": {}})
    called = operation(request)
    results = {"query": "<RESULT/>", "read": READ, "getDescription": "", "run": "<RESULT/>"}
    return soap(called, results.get(called, SAVED))


def operation(request: SeenRequest) -> str:
    body = etree.fromstring(request.body)[0]
    return str(etree.QName(body[0]).localname)


def soap(called: str, result: str, status: int = 1, *messages: tuple[int, str]) -> Scripted:
    told = "".join(f"<m><message>{words}</message><type>{kind}</type></m>" for kind, words in messages)
    text = (
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
        f'<wss:{called}Response xmlns:wss="http://www.adonix.com/WSS"><{called}Return>'
        f"<messages>{told}</messages><resultXml><![CDATA[{result}]]></resultXml><status>{status}</status>"
        f"</{called}Return></wss:{called}Response></soapenv:Body></soapenv:Envelope>"
    )
    return Scripted(body=text.encode(), content_type="text/xml")


def fault(words: str) -> Scripted:
    text = (
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><soapenv:Fault>'
        f"<faultcode>soapenv:Server</faultcode><faultstring>{words}</faultstring>"
        "</soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    )
    return Scripted(status=500, body=text.encode(), content_type="text/xml")
