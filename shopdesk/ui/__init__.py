"""The Qt kit that every page is assembled from."""
