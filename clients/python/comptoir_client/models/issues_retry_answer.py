from enum import StrEnum


class IssuesRetryAnswer(StrEnum):
    OTHER = "other"
    VALUE_0 = ""

    def __str__(self) -> str:
        return str(self.value)
