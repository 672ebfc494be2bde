"""The commands of the command line, one a file or folder, imported when it is called: ``--help`` waits for no torch."""
