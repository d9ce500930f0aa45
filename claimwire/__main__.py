"""`python -m claimwire` is the command `claimwire`."""

from claimwire import main

if __name__ == "__main__":
    main()
