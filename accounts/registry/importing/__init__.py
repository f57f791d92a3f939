"""The registry's import: CSV lines become sealed rows in a staging table, then one merge a file (R20).

Read in this order: deliveries (the four files), directory (the run), lines, work, staging, merging.
"""
