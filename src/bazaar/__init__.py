"""The outside world on a laptop: marketplaces, ERP and carriers over their real protocols.

`world` is what truly happens (products, buyers, rivals, demand, time, the ledger), `faults` is what
goes wrong on the wire, and every other folder is one simulated party. Nothing here imports the hub.
"""
