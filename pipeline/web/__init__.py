"""Everything that touches the network, and the pool that reads what came back."""
