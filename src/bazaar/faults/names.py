"""The faults by name: those of the wire, those of the protocol, and the hours when a party is away."""

from __future__ import annotations

from typing import Literal, get_args

WireFault = Literal[
    "latency",  # the answer is late
    "dropped_before",  # the connection is cut, nothing was done
    "hang_before",  # nothing was done, the connection is held and then cut
    "timeout_after",  # the work WAS done, the answer is lost, the connection is held and then cut
    "dropped_after",  # the work WAS done, the connection is cut at once
    "truncated",  # the work WAS done, the answer stops in its middle
    "storm",  # a series of 429 with Retry-After
    "server_error",  # a 500, 502, 503 or 504, nothing was done
]

ProtocolFault = Literal[
    "repeated_page",
    "reordered_page",
    "late_import",
    "duplicated_import",
    "partial_failure",
    "random_nulls",
    "unknown_fields",
    "new_enum_value",
    # for parties that speak through files
    "file_twice",
    "bad_line",
    "bad_checksum",
    "late_receipt",
]

Absence = Literal[
    "down",  # 503 for an hour of the day, in virtual time
    "expired_key",  # 401 for ten minutes of the day, in virtual time
]

WIRE_FAULTS: tuple[WireFault, ...] = get_args(WireFault)
PROTOCOL_FAULTS: tuple[ProtocolFault, ...] = get_args(ProtocolFault)
ABSENCES: tuple[Absence, ...] = get_args(Absence)
ALL_FAULTS: tuple[str, ...] = (*WIRE_FAULTS, *PROTOCOL_FAULTS, *ABSENCES, "clock_skew")
