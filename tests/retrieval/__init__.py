"""Retrieval beside other systems on public sets: ``make bench-retrieval DATA=folder``.

Every system that embeds has the bundled model, so that what is compared is how passages are searched.
"""
