"""What a connector sees of the hub: records, statuses, ports, errors, HTTP, declared settings.

Nothing in here knows Django or the tables. A connector imports from this package and from no other room.
"""
