"""Reading a file as plain YAML, with the place of everything and faults in plain English."""
