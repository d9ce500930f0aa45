"""What stands in the headers of records, and whose headers are believed."""
