"""One file that holds the whole database as it was at one instant, and proves it.

backup ─▶ one snapshot: rows counted and summed ─▶ pg_dump of the same snapshot ─▶ FILE (zip, not packed twice)
verify ─▶ checksums of FILE ─▶ restored beside, counted and summed again, invariants asked
restore ─▶ into an empty database, compared, every channel paused until a person says go
"""
