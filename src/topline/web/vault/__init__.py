"""The vault: keys that are destroyed at close, and drafts. It stands apart from the main store, unsaved."""
