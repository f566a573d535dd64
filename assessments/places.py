"""Where areas lie in one another, told from their paths without asking the database."""


def around(path: str) -> list[str]:
    """Return the paths of the areas around the one at ``path``, the nearest first."""
    parts = path.rstrip("/").split("/")
    return ["/".join(parts[:count]) + "/" for count in range(len(parts) - 1, 0, -1)]
