"""Pure values a member is known by: parsed at the door, frozen, masked when printed; no Django here."""
