"""Where a fieldwork stands: counted without opening an answer, and shown so that nobody is seen arriving."""
