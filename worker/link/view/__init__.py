"""One cluster as a page shows it, read out of the file that linking keeps, beside whoever writes it."""
