"""`python -m cli`: how aiwire starts parts of itself in processes of their own."""

from cli import main

main()
