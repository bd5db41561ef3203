"""From the marked texts of the files to the study as frozen values."""
