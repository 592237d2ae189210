"""What became of a package, item by item.

`GET /offer-packages/{id}` says how far the package is, `…/offer-requests-results` what became of each
offer (kept three days). A package that is Integrated does not mean that its offers are: an item counts as
taken only when its own result says Integrated, and a submission is complete only when every item has one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import msgspec

from comptoir.connectors.octopia.client import OctopiaClient
from comptoir.connectors.octopia.order_payloads import Id, Payload, text
from comptoir.connectors.octopia.packages import OPEN, PackageDesk, ResultPayload
from comptoir.connectors.octopia.paging import linked_pages
from comptoir.connectors.octopia.receipts import PackageReceipt, load_receipts
from comptoir.connectors.octopia.xml_desk import XmlDesk
from comptoir.connectors.octopia.xml_forms import ENDED, FAILED
from comptoir.sdk.errors import UnexpectedAnswer
from comptoir.sdk.records import Outcome, SubmissionReport, Verdict
from comptoir.sdk.statuses import ImportState

_OUTCOMES = {
    "Integrated": Outcome.DONE,
    "Rejected": Outcome.REJECTED,
    "Duplicated": Outcome.REJECTED,
}
# Results come a little after the package is Integrated; what is missing after this long does not come.
_RESULTS_WITHIN = timedelta(hours=2)
_LOOK_AGAIN_S = 30.0


class _ItemResult(Payload, frozen=True):
    seller_external_reference: Id = None
    integration_status: str | None = None
    results: list[ResultPayload | None] | None = None


class PackageResults:
    def __init__(
        self, client: OctopiaClient, desk: PackageDesk, xml_desk: XmlDesk, clock: Callable[[], datetime]
    ) -> None:
        self._client = client
        self._desk = desk
        self._xml_desk = xml_desk
        self._clock = clock

    def read(self, external_id: str) -> SubmissionReport:
        receipts = load_receipts(external_id)
        return merge_reports([self._read_xml(one) if one.xml else self._read(one) for one in receipts])

    def _read_xml(self, receipt: PackageReceipt) -> SubmissionReport:
        """Ended by its own word, or, where the report has none, when every offer has a verdict."""
        assert receipt.xml is not None, "an XML package"
        package, token = receipt.xml
        found = self._xml_desk.report(package)
        if found.state in FAILED:
            words = found.message or found.state.capitalize()
            report = SubmissionReport(state=ImportState.FAILED, verdicts=found.verdicts, message=words)
        elif found.state in ENDED or (not found.state and found.verdicts):
            report = self._settled(receipt, found.verdicts)
        else:
            return SubmissionReport(
                state=ImportState.PENDING, message=found.state, retry_after_s=_LOOK_AGAIN_S
            )
        if report.state is not ImportState.PENDING:
            self._xml_desk.forget(token)
        return report

    def _read(self, receipt: PackageReceipt) -> SubmissionReport:
        package = self._desk.state(receipt.package)
        state = package.known_state
        if state == "Integrated":
            return self._integrated(receipt)
        if state == "Rejected":
            return SubmissionReport(state=ImportState.FAILED, message=_words(package.result, "Rejected."))
        if state == OPEN:
            return SubmissionReport(state=ImportState.FAILED, message="The package was never closed.")
        return SubmissionReport(state=ImportState.PENDING, message=state, retry_after_s=_LOOK_AGAIN_S)

    def _integrated(self, receipt: PackageReceipt) -> SubmissionReport:
        path = f"/offer-packages/{receipt.package}/offer-requests-results"
        pages = linked_pages(self._client, "listResults", path, {})
        verdicts = {verdict.key: verdict for page in pages for raw in page if (verdict := parse_result(raw))}
        return self._settled(receipt, tuple(verdicts.values()))

    def _settled(self, receipt: PackageReceipt, verdicts: tuple[Verdict, ...]) -> SubmissionReport:
        missing = receipt.items - len(verdicts)
        if missing <= 0:
            return SubmissionReport(state=ImportState.COMPLETE, verdicts=verdicts)
        late = self._clock() - receipt.closed_at > _RESULTS_WITHIN
        return SubmissionReport(
            state=ImportState.FAILED if late else ImportState.PENDING,
            verdicts=verdicts if late else (),
            message=f"{missing} of {receipt.items} offers have no result.",
            retry_after_s=None if late else _LOOK_AGAIN_S,
        )


def parse_result(raw: msgspec.Raw) -> Verdict | None:
    """None for a result that names no offer. A status that nobody announced is told as a refusal: an offer
    is never called taken on a word that we do not know."""
    try:
        found = msgspec.json.decode(raw, type=_ItemResult, strict=False)
    except msgspec.DecodeError as error:
        raise UnexpectedAnswer(f"A result cannot be read ({error}).") from error
    sku, status = text(found.seller_external_reference), text(found.integration_status)
    if not sku:
        return None
    said = [result for result in found.results or [] if result]
    words = "; ".join(text(result.message) for result in said if text(result.message))
    return Verdict(
        key=sku,
        outcome=_OUTCOMES.get(status, Outcome.REJECTED),
        code=text(said[0].result_code) if said else status,
        message=words or status,
    )


def merge_reports(reports: Iterable[SubmissionReport]) -> SubmissionReport:
    """One report of several packages: as far as the slowest, failed when one failed.

    What was taken all the same is in its verdicts.
    """
    found = list(reports)
    states = {report.state for report in found}
    if ImportState.PENDING in states:
        return next(report for report in found if report.state is ImportState.PENDING)
    return SubmissionReport(
        state=ImportState.COMPLETE if states == {ImportState.COMPLETE} else ImportState.FAILED,
        verdicts=tuple(verdict for report in found for verdict in report.verdicts),
        message="; ".join(report.message for report in found if report.message),
    )


def _words(result: ResultPayload | None, otherwise: str) -> str:
    said = (text(result.result_code), text(result.message)) if result else ()
    return " ".join(word for word in said if word) or otherwise
