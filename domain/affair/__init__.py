"""The affair: one small vocabulary of events for every line of service."""
