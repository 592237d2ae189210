"""The commands of `comptoir`, one file per noun. They import the hub only once it is open."""
