"""Files of a package as they were at a revision of the git repository around it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from onrecord.findings import PackageError, shown

__all__ = ["NoRevision", "exported", "has_revision"]

_LONGEST = 120  # seconds; a repository on a slow network file system answers later than any of ours
# In a hook these name the repository that runs it, which need not be that around the package.
_OF_ANOTHER = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")


class NoRevision(PackageError):  # noqa: N818  # it is what it says, and an error for people like its parent
    """There is no such revision, or no git or repository that could have one."""


class _RefusedError(NoRevision):
    """Git refused, with this line."""


def has_revision(revision: str, root: Path) -> bool:
    """Whether the repository around a folder knows a revision; false where there is no repository or no git."""
    try:
        _commit(revision, root)
    except NoRevision:
        return False
    return True


def exported(revision: str, root: Path, names: tuple[str, ...]) -> bytes:
    """A zip of those of these files and folders that a package had at a revision.

    ``root`` is the folder of the package, which may lie below that of the repository; the first of
    ``names`` must be there. Raises NoRevision when git, the repository or the revision is missing, and
    PackageError when the package was not there.
    """
    commit = _commit(revision, root)
    prefix = _git(root, "rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").removesuffix("\n")
    tree = f"{commit}:{prefix}"
    try:
        listed = _git(root, "ls-tree", "-z", "--name-only", "--full-tree", tree)
    except _RefusedError:
        raise PackageError(f"{shown(revision)} has no folder {prefix}; name a later revision") from None
    there = set(listed.decode("utf-8", "surrogateescape").split("\0"))
    if names[0] not in there:
        raise PackageError(f"{revision}: there is no {names[0]}; name a revision that has the package")
    # from the top, since git takes a tree for that of the folder in which it runs
    top = _git(root, "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").removesuffix("\n")
    try:
        return _git(Path(top), "archive", "--format=zip", tree, "--", *(name for name in names if name in there))
    except _RefusedError as error:
        raise PackageError(f"{shown(revision)} cannot be read: {error}") from None


def _commit(revision: str, root: Path) -> str:
    if not revision or revision.startswith("-") or not revision.isprintable():
        raise NoRevision(f"{shown(revision)} is no revision of git")
    try:
        answer = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except _RefusedError as error:
        said = f" ({error})" if str(error) else ""
        raise NoRevision(f"git knows no revision {shown(revision)} here{said}; fetch it, or name another") from None
    return answer.decode("ascii").strip()


def _git(folder: Path, *arguments: str) -> bytes:
    """What git prints. Raises NoRevision where git or the repository is missing, and _RefusedError."""
    try:
        done = subprocess.run(  # noqa: S603  # no shell, and no argument of a user's stands where an option may
            ["git", "-c", "core.autocrlf=false", *arguments],  # noqa: S607  # the git of whoever runs this
            cwd=folder, capture_output=True, check=False, timeout=_LONGEST, stdin=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if name not in _OF_ANOTHER},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NoRevision(f"git {arguments[0]} did not end within {_LONGEST} seconds") from None
    except (OSError, ValueError) as error:
        raise NoRevision(f"git cannot be run ({error}); install it, or name a folder or an archive") from None
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
    if "not a git repository" in said:
        raise NoRevision(f"{folder}: lies in no git repository; name a folder or an archive instead")
    raise _RefusedError(said)
