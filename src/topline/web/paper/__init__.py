"""The questionnaire on paper: forms with codes, and the answers that two people keyed from them."""
