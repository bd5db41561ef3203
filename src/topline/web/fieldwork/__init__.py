"""Fieldwork: real answers, kept apart from people as the study promised (docs/explanation/anonymity.md)."""
