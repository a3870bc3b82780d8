"""Changes to a text that a rule may propose: documents, their syntax, and edits that rules share."""
