"""The trained model: the features of word pieces, the network, the decoding of its scores, and attributions of them."""
