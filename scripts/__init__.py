"""What is done with the project now and then: pictures of the documentation."""
