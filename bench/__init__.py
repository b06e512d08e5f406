"""What we measure, by commands: accuracy and speed, on data that is not in the repository or made up on the spot."""
