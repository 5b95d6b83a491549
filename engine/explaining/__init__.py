"""Why a payload becomes what it becomes: an explanation, as values."""
