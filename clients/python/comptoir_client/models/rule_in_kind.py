from enum import StrEnum


class RuleInKind(StrEnum):
    ALWAYS = "always"
    BUFFER = "buffer"
    COVER = "cover"
    ENVELOPE = "envelope"
    LIMIT = "limit"
    MINIMUM = "minimum"
    SHARE = "share"

    def __str__(self) -> str:
        return str(self.value)
