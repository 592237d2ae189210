"""The contract that every connector keeps, as a test suite it gets in a dozen lines. See `contract.py`."""

from comptoir.sdk.testing.contract import ConnectorContract, PagedRead
from comptoir.sdk.testing.fakes import FakeCache, FakeClock, FakeThrottle, context_for_tests
from comptoir.sdk.testing.server import DROP, HANG, Scripted, ScriptedServer, SeenRequest

__all__ = [
    "DROP",
    "HANG",
    "ConnectorContract",
    "FakeCache",
    "FakeClock",
    "FakeThrottle",
    "PagedRead",
    "Scripted",
    "ScriptedServer",
    "SeenRequest",
    "context_for_tests",
]
