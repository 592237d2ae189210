"""Keeping several programs running together, and stopping them in order. Knows nothing of the hub."""

from comptoir.config.supervision.child import Child, ChildSpec
from comptoir.config.supervision.supervisor import StopAsked, Supervisor, stopped_by_signals

__all__ = ["Child", "ChildSpec", "StopAsked", "Supervisor", "stopped_by_signals"]
