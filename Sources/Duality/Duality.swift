// The only room where networks and cosmology meet.
