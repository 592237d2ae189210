from enum import StrEnum


class ProblemCode(StrEnum):
    BAD_CURSOR = "bad_cursor"
    BAD_IDEMPOTENCY_KEY = "bad_idempotency_key"
    BAD_REQUEST = "bad_request"
    BELOW_FLOOR = "below_floor"
    BUSY = "busy"
    CANNOT_RETRY = "cannot_retry"
    CHANGED_MEANWHILE = "changed_meanwhile"
    CHANGED_SINCE_PREVIEW = "changed_since_preview"
    FAULT_OF_OURS = "fault_of_ours"
    FORBIDDEN = "forbidden"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    INVALID = "invalid"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_FOUND = "not_found"
    NOT_IN_THIS_STATE = "not_in_this_state"
    NOT_THERE = "not_there"
    PRICE_STEP = "price_step"
    TOO_BIG = "too_big"
    TOO_MANY_CALLS = "too_many_calls"
    UNAUTHENTICATED = "unauthenticated"
    UNKNOWN_FLOW = "unknown_flow"
    UNREADABLE_FILE = "unreadable_file"

    def __str__(self) -> str:
        return str(self.value)
