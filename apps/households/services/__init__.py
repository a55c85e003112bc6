"""Every write to households and persons: one function per business act.

Services of one record stand in persons, households, events, kinship; those of whole rosters in
roster. What they share about dated rows is in intervals, about numbers and scope in identity.
"""
