"""The database of the session comes from the plugin `comptoir.config.testing`."""
