from enum import StrEnum


class CalendarInInClosure(StrEnum):
    LENGTHEN = "lengthen"
    PAUSE = "pause"

    def __str__(self) -> str:
        return str(self.value)
