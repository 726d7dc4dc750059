"""Faults made on purpose: kills, power cuts, failing disks. `python3 make.py faults` runs them in full."""
