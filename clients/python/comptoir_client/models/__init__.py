"""Contains all the data models used in inputs/outputs"""

from .act_out import ActOut
from .act_page_out import ActPageOut
from .apply_in import ApplyIn
from .back_done_out import BackDoneOut
from .back_out import BackOut
from .back_out_after import BackOutAfter
from .back_out_before import BackOutBefore
from .back_preview_out import BackPreviewOut
from .bulk_out import BulkOut
from .buyer_out import BuyerOut
from .buyer_out_billing_address_type_0 import BuyerOutBillingAddressType0
from .buyer_out_shipping_address_type_0 import BuyerOutShippingAddressType0
from .cancel_in import CancelIn
from .change_out import ChangeOut
from .change_page_out import ChangePageOut
from .channel_out import ChannelOut
from .channel_page_out import ChannelPageOut
from .close_in import CloseIn
from .count_in import CountIn
from .event_out import EventOut
from .event_out_data import EventOutData
from .event_page_out import EventPageOut
from .flow_out import FlowOut
from .hold_in import HoldIn
from .import_line_out import ImportLineOut
from .import_line_out_detail import ImportLineOutDetail
from .import_line_page_out import ImportLinePageOut
from .import_out import ImportOut
from .issue_out import IssueOut
from .issue_page_out import IssuePageOut
from .issues_list_issues_state import IssuesListIssuesState
from .line_out import LineOut
from .note_in import NoteIn
from .offer_edit_in import OfferEditIn
from .offer_out import OfferOut
from .offer_page_out import OfferPageOut
from .offers_list_lines_outcome import OffersListLinesOutcome
from .offers_list_offers_error import OffersListOffersError
from .offers_preview_offers_json_body import OffersPreviewOffersJsonBody
from .offers_write_offers_json_body import OffersWriteOffersJsonBody
from .one_order_out import OneOrderOut
from .one_product_out import OneProductOut
from .one_shipment_out import OneShipmentOut
from .order_out import OrderOut
from .order_page_out import OrderPageOut
from .parcel_out import ParcelOut
from .part_out import PartOut
from .preview_out import PreviewOut
from .preview_row_out import PreviewRowOut
from .problem import Problem
from .problem_code import ProblemCode
from .problem_errors_item import ProblemErrorsItem
from .product_out import ProductOut
from .product_page_out import ProductPageOut
from .queued_out import QueuedOut
from .refund_in import RefundIn
from .refund_line_in import RefundLineIn
from .refused_out import RefusedOut
from .roll_back_in import RollBackIn
from .run_in import RunIn
from .run_out import RunOut
from .run_out_counts import RunOutCounts
from .run_page_out import RunPageOut
from .ship_in import ShipIn
from .shipment_out import ShipmentOut
from .shipment_page_out import ShipmentPageOut
from .shipped_line_out import ShippedLineOut
from .standing_out import StandingOut
from .stock_out import StockOut
from .stock_page_out import StockPageOut
from .stock_write_stock_json_body import StockWriteStockJsonBody
from .target_in import TargetIn
from .units_in import UnitsIn
from .wish_in import WishIn

__all__ = (
    "ActOut",
    "ActPageOut",
    "ApplyIn",
    "BackDoneOut",
    "BackOut",
    "BackOutAfter",
    "BackOutBefore",
    "BackPreviewOut",
    "BulkOut",
    "BuyerOut",
    "BuyerOutBillingAddressType0",
    "BuyerOutShippingAddressType0",
    "CancelIn",
    "ChangeOut",
    "ChangePageOut",
    "ChannelOut",
    "ChannelPageOut",
    "CloseIn",
    "CountIn",
    "EventOut",
    "EventOutData",
    "EventPageOut",
    "FlowOut",
    "HoldIn",
    "ImportLineOut",
    "ImportLineOutDetail",
    "ImportLinePageOut",
    "ImportOut",
    "IssueOut",
    "IssuePageOut",
    "IssuesListIssuesState",
    "LineOut",
    "NoteIn",
    "OfferEditIn",
    "OfferOut",
    "OfferPageOut",
    "OffersListLinesOutcome",
    "OffersListOffersError",
    "OffersPreviewOffersJsonBody",
    "OffersWriteOffersJsonBody",
    "OneOrderOut",
    "OneProductOut",
    "OneShipmentOut",
    "OrderOut",
    "OrderPageOut",
    "ParcelOut",
    "PartOut",
    "PreviewOut",
    "PreviewRowOut",
    "Problem",
    "ProblemCode",
    "ProblemErrorsItem",
    "ProductOut",
    "ProductPageOut",
    "QueuedOut",
    "RefundIn",
    "RefundLineIn",
    "RefusedOut",
    "RollBackIn",
    "RunIn",
    "RunOut",
    "RunOutCounts",
    "RunPageOut",
    "ShipIn",
    "ShipmentOut",
    "ShipmentPageOut",
    "ShippedLineOut",
    "StandingOut",
    "StockOut",
    "StockPageOut",
    "StockWriteStockJsonBody",
    "TargetIn",
    "UnitsIn",
    "WishIn",
)
