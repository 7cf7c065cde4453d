"""Networks: build, train, apply, evaluate and explain them."""
