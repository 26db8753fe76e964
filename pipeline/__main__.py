"""`python -m pipeline` is `fullcast`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
