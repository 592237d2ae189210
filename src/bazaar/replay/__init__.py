"""Replays a shop's real invoices as orders: read the file, sort its rows, match its returns, plan it."""
