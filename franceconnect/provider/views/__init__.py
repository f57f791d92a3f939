"""The provider's endpoints, and the pages a member meets on the way."""
