"""Cases at the desk and at the township: the list, taking one on, the case itself, its steps, its papers."""
