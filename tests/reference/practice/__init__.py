"""Rules that places have published, each as a small folder of invented data with the published numbers."""
