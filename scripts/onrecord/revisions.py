"""Files of a package as they were at a revision of the git repository around it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from onrecord.findings import PackageError, shown

__all__ = ["exported", "has_revision"]

_LONGEST = 120  # seconds; a repository on a slow network file system answers later than any of ours


def has_revision(revision: str, root: Path) -> bool:
    """Whether the repository around a folder knows a revision; false where there is no repository or no git."""
    try:
        _commit(revision, root)
    except PackageError:
        return False
    return True


def exported(revision: str, root: Path, names: tuple[str, ...]) -> bytes:
    """A zip of those of these files and folders that a package had at a revision.

    ``root`` is the folder of the package, which may lie below that of the repository. Raises
    PackageError when git, the repository or the revision is missing, or the package was not there.
    """
    commit = _commit(revision, root)
    prefix = _git(root, "rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").removesuffix("\n")
    tree = f"{commit}:{prefix}"
    try:
        listed = _git(root, "ls-tree", "-z", "--name-only", "--full-tree", tree)
    except PackageError:
        raise PackageError(f"{shown(revision)} has no folder {prefix}; name a later revision") from None
    there = set(listed.decode("utf-8", "surrogateescape").split("\0"))
    # from the top, since git takes a tree for that of the folder in which it runs
    top = _git(root, "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").removesuffix("\n")
    return _git(Path(top), "archive", "--format=zip", tree, "--", *(name for name in names if name in there))


def _commit(revision: str, root: Path) -> str:
    if not revision or revision.startswith("-") or not revision.isprintable():
        raise PackageError(f"{shown(revision)} is no revision of git")
    try:
        answer = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except PackageError as error:
        if error.__cause__ is None:
            raise
        raise PackageError(f"git knows no revision {shown(revision)} here; fetch it, or name another") from None
    return answer.decode("ascii").strip()


def _git(folder: Path, *arguments: str) -> bytes:
    """What git prints. Raises PackageError when there is none, and from the failed process where it refuses."""
    try:
        done = subprocess.run(  # noqa: S603  # no shell, and no argument of a user's stands where an option may
            ["git", *arguments],  # noqa: S607  # the git of whoever runs this
            cwd=folder, capture_output=True, check=True, timeout=_LONGEST, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        if "not a git repository" in said:
            raise PackageError(f"{folder}: lies in no git repository; name a folder or an archive instead") from None
        raise PackageError(f"git {arguments[0]}: {said or 'failed'}") from error
    except subprocess.TimeoutExpired:
        raise PackageError(f"git {arguments[0]} did not end within {_LONGEST} seconds") from None
    except (OSError, ValueError) as error:
        raise PackageError(f"git cannot be run ({error}); install it, or name a folder or an archive") from None
    return done.stdout
