"""Words of speech: which verbs report, and which act each word is."""
