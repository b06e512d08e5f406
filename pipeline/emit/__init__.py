"""Forms of an edition: each a pure function from a draft or its log to a text; the run writes them to disk."""
