"""The Web API methods, a module for each family; each module ends with its table."""
