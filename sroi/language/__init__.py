"""Other languages than English: one catalogue of what the program says, and figures as each language writes them.

`sroi.language.catalogue` holds which languages there are, `sroi.language.phrases` finds a text of the program in the
catalogue, and `sroi.language.figures` writes numbers, money and days. Babel is imported only for another language.
"""
