"""Running a survey for weeks: backup, restore, and what is deleted when it is over."""
