"""From an article to its parsed text: cleaning, language, limits, parse; and the quotes of a text."""
