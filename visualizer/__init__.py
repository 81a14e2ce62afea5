"""Everything that makes pages out of the layers of nnfs; each room says what belongs in it."""
