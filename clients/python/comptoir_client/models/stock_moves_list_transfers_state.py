from enum import StrEnum


class StockMovesListTransfersState(StrEnum):
    ASKED = "asked"
    CANCELLED = "cancelled"
    RECEIVED = "received"
    SENT = "sent"
    VALUE_0 = ""

    def __str__(self) -> str:
        return str(self.value)
