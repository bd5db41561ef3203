"""Steps of the desk's own file."""
