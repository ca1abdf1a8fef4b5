"""An invented county to look at: same seed, same world. Nothing here is used outside the demo and load tests."""
