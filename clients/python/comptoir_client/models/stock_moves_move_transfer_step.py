from enum import StrEnum


class StockMovesMoveTransferStep(StrEnum):
    CANCEL = "cancel"
    SEND = "send"

    def __str__(self) -> str:
        return str(self.value)
