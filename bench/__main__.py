"""`make bench` and `python -m bench`: measures the running system; see docs/performance.md."""

from bench.approve import main

if __name__ == "__main__":
    main()
