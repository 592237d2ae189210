"""What truly happens: products, buyers, rivals, demand, time, and the ledger that judges everyone."""
