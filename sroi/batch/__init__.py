"""Parameterised notebooks, run by papermill. Only here and in reports are papermill and Jupyter imported."""
