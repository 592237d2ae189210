"""Comptoir, the seller hub: one place between the marketplaces, the ERP and the carriers."""

__version__ = "0.1.0"
