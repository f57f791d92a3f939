"""The registry's import: CSV lines become sealed rows, which fill an empty table or wait staged for one merge (R20).

Read in this order: deliveries (the four files), directory (the run), lines, work, staging, merging.
"""
