"""What connects articles and claims with each other: copies of one text, relations between claims."""
