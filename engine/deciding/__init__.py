"""From a mapped payload and what a store finds to a decision and its writes."""
