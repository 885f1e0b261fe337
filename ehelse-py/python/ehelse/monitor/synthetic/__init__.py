"""Made-up national logs with known answers; nothing in here describes a real person, organisation or count."""
