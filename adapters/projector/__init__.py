"""Runs the read models: loads their rows, folds events over them, writes them back.

`inline` in the transaction of the events; `follower` soon after; `rebuild` beside the live one.
"""
