"""Contains all the data models used in inputs/outputs"""

from .act_out import ActOut
from .act_page_out import ActPageOut
from .apply_in import ApplyIn
from .assembly_in import AssemblyIn
from .assembly_in_parts import AssemblyInParts
from .back_done_out import BackDoneOut
from .back_out import BackOut
from .back_out_after import BackOutAfter
from .back_out_before import BackOutBefore
from .back_preview_out import BackPreviewOut
from .bulk_out import BulkOut
from .buyer_out import BuyerOut
from .buyer_out_billing_address_type_0 import BuyerOutBillingAddressType0
from .buyer_out_shipping_address_type_0 import BuyerOutShippingAddressType0
from .calendar_in import CalendarIn
from .calendar_in_in_closure import CalendarInInClosure
from .calendar_out import CalendarOut
from .calendars_out import CalendarsOut
from .cancel_in import CancelIn
from .change_out import ChangeOut
from .change_page_out import ChangePageOut
from .channel_out import ChannelOut
from .channel_page_out import ChannelPageOut
from .close_in import CloseIn
from .closed_day_out import ClosedDayOut
from .closure_in import ClosureIn
from .closure_out import ClosureOut
from .coming_out import ComingOut
from .count_in import CountIn
from .cut_out import CutOut
from .event_out import EventOut
from .event_out_data import EventOutData
from .event_page_out import EventPageOut
from .explanation_out import ExplanationOut
from .export_in import ExportIn
from .export_in_form import ExportInForm
from .export_in_kind import ExportInKind
from .file_change_out import FileChangeOut
from .file_change_out_after import FileChangeOutAfter
from .file_change_out_before_type_0 import FileChangeOutBeforeType0
from .file_fault_out import FileFaultOut
from .file_out import FileOut
from .file_page_out import FilePageOut
from .files_list_files_kind import FilesListFilesKind
from .files_upload_file_multi_part_body_params import FilesUploadFileMultiPartBodyParams
from .files_upload_file_multi_part_body_params_kind import FilesUploadFileMultiPartBodyParamsKind
from .flow_out import FlowOut
from .hold_in import HoldIn
from .import_line_out import ImportLineOut
from .import_line_out_detail import ImportLineOutDetail
from .import_line_page_out import ImportLinePageOut
from .import_out import ImportOut
from .issue_out import IssueOut
from .issue_page_out import IssuePageOut
from .issues_list_issues_state import IssuesListIssuesState
from .issues_retry_answer import IssuesRetryAnswer
from .judged_in import JudgedIn
from .keeping_out import KeepingOut
from .lead_time_change_out import LeadTimeChangeOut
from .lead_time_out import LeadTimeOut
from .lead_time_preview_out import LeadTimePreviewOut
from .lead_time_rule_in import LeadTimeRuleIn
from .lead_time_rule_out import LeadTimeRuleOut
from .lead_time_rules_out import LeadTimeRulesOut
from .line_out import LineOut
from .moved_out import MovedOut
from .note_in import NoteIn
from .offer_edit_in import OfferEditIn
from .offer_out import OfferOut
from .offer_page_out import OfferPageOut
from .offers_list_lines_outcome import OffersListLinesOutcome
from .offers_list_offers_error import OffersListOffersError
from .offers_preview_offers_json_body import OffersPreviewOffersJsonBody
from .offers_write_offers_json_body import OffersWriteOffersJsonBody
from .one_file_out import OneFileOut
from .one_order_out import OneOrderOut
from .one_product_out import OneProductOut
from .one_purchase_order_out import OnePurchaseOrderOut
from .one_shipment_out import OneShipmentOut
from .order_out import OrderOut
from .order_page_out import OrderPageOut
from .other_out import OtherOut
from .parcel_out import ParcelOut
from .part_out import PartOut
from .place_out import PlaceOut
from .preview_out import PreviewOut
from .preview_row_out import PreviewRowOut
from .problem import Problem
from .problem_code import ProblemCode
from .problem_errors_item import ProblemErrorsItem
from .product_out import ProductOut
from .product_page_out import ProductPageOut
from .purchase_line_in import PurchaseLineIn
from .purchase_line_out import PurchaseLineOut
from .purchase_order_in import PurchaseOrderIn
from .purchase_order_out import PurchaseOrderOut
from .purchase_order_page_out import PurchaseOrderPageOut
from .quantity_change_out import QuantityChangeOut
from .quantity_rules_write_many_json_body import QuantityRulesWriteManyJsonBody
from .queued_out import QueuedOut
from .received_in import ReceivedIn
from .refund_in import RefundIn
from .refund_line_in import RefundLineIn
from .refused_out import RefusedOut
from .return_in import ReturnIn
from .roll_back_in import RollBackIn
from .rule_in import RuleIn
from .rule_in_kind import RuleInKind
from .rule_out import RuleOut
from .rule_preview_out import RulePreviewOut
from .rule_row_in import RuleRowIn
from .rules_out import RulesOut
from .run_in import RunIn
from .run_out import RunOut
from .run_out_counts import RunOutCounts
from .run_page_out import RunPageOut
from .shelf_out import ShelfOut
from .ship_in import ShipIn
from .shipment_out import ShipmentOut
from .shipment_page_out import ShipmentPageOut
from .shipped_line_out import ShippedLineOut
from .standing_out import StandingOut
from .stock_moves_list_transfers_state import StockMovesListTransfersState
from .stock_moves_move_transfer_step import StockMovesMoveTransferStep
from .stock_out import StockOut
from .stock_page_out import StockPageOut
from .stock_write_stock_json_body import StockWriteStockJsonBody
from .target_in import TargetIn
from .transfer_in import TransferIn
from .transfer_out import TransferOut
from .transfer_page_out import TransferPageOut
from .units_in import UnitsIn
from .wish_in import WishIn
from .write_out import WriteOut

__all__ = (
    "ActOut",
    "ActPageOut",
    "ApplyIn",
    "AssemblyIn",
    "AssemblyInParts",
    "BackDoneOut",
    "BackOut",
    "BackOutAfter",
    "BackOutBefore",
    "BackPreviewOut",
    "BulkOut",
    "BuyerOut",
    "BuyerOutBillingAddressType0",
    "BuyerOutShippingAddressType0",
    "CalendarIn",
    "CalendarInInClosure",
    "CalendarOut",
    "CalendarsOut",
    "CancelIn",
    "ChangeOut",
    "ChangePageOut",
    "ChannelOut",
    "ChannelPageOut",
    "ClosedDayOut",
    "CloseIn",
    "ClosureIn",
    "ClosureOut",
    "ComingOut",
    "CountIn",
    "CutOut",
    "EventOut",
    "EventOutData",
    "EventPageOut",
    "ExplanationOut",
    "ExportIn",
    "ExportInForm",
    "ExportInKind",
    "FileChangeOut",
    "FileChangeOutAfter",
    "FileChangeOutBeforeType0",
    "FileFaultOut",
    "FileOut",
    "FilePageOut",
    "FilesListFilesKind",
    "FilesUploadFileMultiPartBodyParams",
    "FilesUploadFileMultiPartBodyParamsKind",
    "FlowOut",
    "HoldIn",
    "ImportLineOut",
    "ImportLineOutDetail",
    "ImportLinePageOut",
    "ImportOut",
    "IssueOut",
    "IssuePageOut",
    "IssuesListIssuesState",
    "IssuesRetryAnswer",
    "JudgedIn",
    "KeepingOut",
    "LeadTimeChangeOut",
    "LeadTimeOut",
    "LeadTimePreviewOut",
    "LeadTimeRuleIn",
    "LeadTimeRuleOut",
    "LeadTimeRulesOut",
    "LineOut",
    "MovedOut",
    "NoteIn",
    "OfferEditIn",
    "OfferOut",
    "OfferPageOut",
    "OffersListLinesOutcome",
    "OffersListOffersError",
    "OffersPreviewOffersJsonBody",
    "OffersWriteOffersJsonBody",
    "OneFileOut",
    "OneOrderOut",
    "OneProductOut",
    "OnePurchaseOrderOut",
    "OneShipmentOut",
    "OrderOut",
    "OrderPageOut",
    "OtherOut",
    "ParcelOut",
    "PartOut",
    "PlaceOut",
    "PreviewOut",
    "PreviewRowOut",
    "Problem",
    "ProblemCode",
    "ProblemErrorsItem",
    "ProductOut",
    "ProductPageOut",
    "PurchaseLineIn",
    "PurchaseLineOut",
    "PurchaseOrderIn",
    "PurchaseOrderOut",
    "PurchaseOrderPageOut",
    "QuantityChangeOut",
    "QuantityRulesWriteManyJsonBody",
    "QueuedOut",
    "ReceivedIn",
    "RefundIn",
    "RefundLineIn",
    "RefusedOut",
    "ReturnIn",
    "RollBackIn",
    "RuleIn",
    "RuleInKind",
    "RuleOut",
    "RulePreviewOut",
    "RuleRowIn",
    "RulesOut",
    "RunIn",
    "RunOut",
    "RunOutCounts",
    "RunPageOut",
    "ShelfOut",
    "ShipIn",
    "ShipmentOut",
    "ShipmentPageOut",
    "ShippedLineOut",
    "StandingOut",
    "StockMovesListTransfersState",
    "StockMovesMoveTransferStep",
    "StockOut",
    "StockPageOut",
    "StockWriteStockJsonBody",
    "TargetIn",
    "TransferIn",
    "TransferOut",
    "TransferPageOut",
    "UnitsIn",
    "WishIn",
    "WriteOut",
)
