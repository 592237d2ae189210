"""`python -m bazaar`"""

from bazaar.cli import main

main()
