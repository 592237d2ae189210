from enum import StrEnum


class OffersListOffersError(StrEnum):
    ANY = "any"
    VALUE_0 = ""

    def __str__(self) -> str:
        return str(self.value)
