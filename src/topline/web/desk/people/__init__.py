"""Who may see which study at the desk, and failed sign-ins."""
