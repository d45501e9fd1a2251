"""The only place that opens a user's file. Files from strangers are hostile until read."""
