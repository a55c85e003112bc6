"""Kill what runs an import, at random moments, and compare the result with an undisturbed one."""
