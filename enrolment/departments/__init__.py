"""« Complément d'inscription »: another department, or more services in one's own (H01 to H10, R11).

Read in this order: asking, deciding, posting (the letter with the code), opening, timeline; beside the requests:
following (the registry), reminding.
"""
