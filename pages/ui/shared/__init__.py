"""What several pages share: the frame around each, words, controls and charts."""
