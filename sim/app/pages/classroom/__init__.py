"""Pages of the classroom: lessons, the class view and free play."""
