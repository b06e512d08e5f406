"""`python -m pipeline` is `corrigenda`."""

from pipeline.cli import main

main()
