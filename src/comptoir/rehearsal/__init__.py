"""The product's own proof: a whole selling day against the simulated world, judged by the world's ledger."""
