"""The team's pages on a fieldwork: a server of its own, on Django; it holds no key and opens no answer."""
