"""What can be shown, and how it becomes HTML, PDF and files for other tools."""
