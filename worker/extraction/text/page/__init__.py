"""HTML bodies, whole pages and fragments: which lines of them are the article's, and what the page says about it."""
