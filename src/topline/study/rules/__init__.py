"""Rules of a study that can only be told once the whole is known; one small module for each part of it."""
