"""The API `/api/v1`: parse, hand over, answer. Rights and rules are elsewhere."""

PREFIX = "/api/v1"
