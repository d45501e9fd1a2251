"""Teaching: lessons with exercises that are marked, maps with planted faults, a class's answers side by side."""
