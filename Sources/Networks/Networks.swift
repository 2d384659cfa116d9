// Values that describe a network and its training. Knows no device.
