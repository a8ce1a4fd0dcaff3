"""Where the command line begins: as little as can be, so that Ctrl-C finds somebody from the start."""

import sys

INTERRUPTED = 130  # 128 and the number of SIGINT, as shells count


def main() -> None:
    """Run the command line; Ctrl-C ends it with 130 and without a traceback, while it loads too."""
    try:
        if sys.argv[1:] == ["--version"] and _said_version():
            return
        from jobs.commands.root import run_command  # noqa: PLC0415 - a second of imports

        run_command()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _said_version() -> bool:
    """Print the version, which needs no command; false when that cannot be written."""
    from pipeline import __version__  # noqa: PLC0415 - nothing else is needed to say it

    try:
        sys.stdout.write(f"broadsheet {__version__}\n")
        sys.stdout.flush()
    except OSError:  # what is loaded next explains it
        return False
    return True
