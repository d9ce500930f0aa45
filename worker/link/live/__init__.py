"""Groups, relations, clusters and standing kept up to date: claims and texts come and go, what changes comes out."""
