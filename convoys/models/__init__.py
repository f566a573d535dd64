"""Aid convoys' tables."""

from convoys.models.reported import Adoption, Claim, Convoy

__all__ = ["Adoption", "Claim", "Convoy"]
