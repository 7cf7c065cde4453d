"""peaks2motifs: the science behind the rules, in rooms; each uses only those before it.

checks, core, data, model, motifs, pages; `simulate` stands beside them and uses core and data.
"""
