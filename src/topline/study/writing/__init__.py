"""Writing a study as new plain YAML, in the style of the examples."""
