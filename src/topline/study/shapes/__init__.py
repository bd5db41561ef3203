"""What the files of a study may hold: one declaration for validation, JSON Schema and the reference page."""
