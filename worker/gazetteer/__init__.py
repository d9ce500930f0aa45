"""Known countries, places and organisations, which extraction and linking read names and ids with."""
