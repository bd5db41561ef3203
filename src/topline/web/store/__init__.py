"""The store behind the pages."""
