"""The clause that a content says, where its own words are none."""
