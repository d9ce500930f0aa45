"""Commands that ask the topic of claims: what a source has said, what was said about somebody or something."""
