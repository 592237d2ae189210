"""Drills: a day of trading with the simulated world, during which something dies; then everything is compared.

The programs are real and apart: the database, the workers, the world. Only time is virtual, and shared by all.
"""
