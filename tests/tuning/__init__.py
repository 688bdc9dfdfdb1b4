"""Trains the small learned parts of search: ``make tune DATA=folder``. Test parts of the public sets only measure."""
