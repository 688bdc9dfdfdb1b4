"""The commands, buttons and conversations of the Discord bot."""
