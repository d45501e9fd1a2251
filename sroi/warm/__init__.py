"""A papermill engine that forks each run of a notebook from a process in which the heavy imports are done."""
