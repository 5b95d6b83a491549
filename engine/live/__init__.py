"""The rule files of a running service: changed files are checked and swapped in as a whole."""
