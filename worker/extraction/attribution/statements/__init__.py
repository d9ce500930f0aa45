"""What of an attribution is a claim: whether anything is said, and how many statements it holds."""
