"""What can be wrong in config and sample sheet, found before any job; Python alone."""
