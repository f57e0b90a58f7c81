"""Commands of network function Group Extension (2Ch): each has a defining body, whose byte comes first."""
