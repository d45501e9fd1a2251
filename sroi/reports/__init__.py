"""What a report says, and how it looks as a page and as a Word document."""
