"""What loads numpy: it is imported when a query is asked or a monitor evaluated, and by no module at the start."""
