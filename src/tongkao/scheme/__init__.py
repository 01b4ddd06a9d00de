"""What the rules are: model, loader, validator, expressions, digest, difference, JSON Schema."""
