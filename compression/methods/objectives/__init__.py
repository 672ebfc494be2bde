"""What a network is trained towards. One file an idea: pure functions from logits to a loss, with their paper."""
