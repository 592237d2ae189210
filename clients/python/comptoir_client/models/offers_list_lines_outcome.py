from enum import StrEnum


class OffersListLinesOutcome(StrEnum):
    CHANGES = "changes"
    ERROR = "error"
    SAME = "same"
    TOO_FAR = "too_far"
    VALUE_0 = ""

    def __str__(self) -> str:
        return str(self.value)
