"""Letters by e-mail: texts, the outbox, sending, and what comes back."""
