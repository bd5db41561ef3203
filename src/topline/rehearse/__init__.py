"""Made-up respondents who go through the real pages, to given targets."""
