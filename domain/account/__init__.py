"""Accounts: who may come in, in which roles, for which units and from which day to which."""
