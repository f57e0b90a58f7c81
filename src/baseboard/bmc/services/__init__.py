"""What a management controller remembers and decides: state and rules, one service each."""
