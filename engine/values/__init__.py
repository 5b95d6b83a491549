"""What values mean: text, numbers, phones, e-mails, dates, patterns, search keys."""
