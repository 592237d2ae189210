"""`python -m comptoir`"""

from comptoir.config.cli import main

main()
