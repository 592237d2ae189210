from enum import StrEnum


class FilesListFilesKind(StrEnum):
    PRODUCTS = "products"
    RULES = "rules"
    STOCK = "stock"
    VALUE_0 = ""

    def __str__(self) -> str:
        return str(self.value)
