from enum import StrEnum


class ExportInKind(StrEnum):
    PRODUCTS = "products"
    RULES = "rules"
    STOCK = "stock"

    def __str__(self) -> str:
        return str(self.value)
