"""The questions of the Practice page: one module a kind, each with its draw, words and reason."""
