"""Scripts that set up, check and run the project; none of them is part of the application."""
