"""What is wrong with a rule file, as values, and how it is shown."""
