"""Case files: what a channel is expected to decide, written down and run."""

from .model import Case, CaseFile, CaseResult, Difference, Outcome
from .reading import SUFFIX, read_case_file
from .running import run_cases

__all__ = [
    "SUFFIX",
    "Case",
    "CaseFile",
    "CaseResult",
    "Difference",
    "Outcome",
    "read_case_file",
    "run_cases",
]
