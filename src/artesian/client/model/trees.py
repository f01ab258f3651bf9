"""What models of trees have beyond others."""
