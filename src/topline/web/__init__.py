"""The pages: those of respondents, their store, the server."""
