"""How the tables came to be, one step a file in ``versions``. Applied by ``bot.records`` whenever it opens a database.

A new step: change ``bot/records/tables.py``, then write what ``python -m bot.migrations "what it does"`` drafts.
"""
