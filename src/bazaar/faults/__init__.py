"""What goes wrong on the wire, switchable per party and decided by a seed."""
