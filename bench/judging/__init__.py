"""A reader's judgement of the claims of real pages, blind to the version that made them; GUIDE.md is his guide."""
