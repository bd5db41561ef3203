"""The study: questionnaire, routes, attributes, plans; load it, check it, compile it."""
