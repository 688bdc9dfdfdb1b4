"""Delegates that answer with citations, in the terminal and in Discord."""
