"""From a request as it arrives to its answer: proof, reading, deciding, the journal."""
