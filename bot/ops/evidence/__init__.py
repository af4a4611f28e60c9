"""One call request as evidence: a folder or zip that can be checked without this software."""
