"""Pages and figures: what a person reads."""
