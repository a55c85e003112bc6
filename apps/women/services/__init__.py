"""Every write to service files and methods: one function per business act."""
