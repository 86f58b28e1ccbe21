"""A server, or several as one, in a `with` block: inside it it serves, after it it is gone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self


class Entered(ABC):
    """Starts and waits on the way in, and stops on the way out. One that does not become ready is killed."""

    @abstractmethod
    def start(self) -> None:
        """Start it and return at once."""

    @abstractmethod
    def wait_ready(self) -> None:
        """Return when it serves."""

    @abstractmethod
    def stop(self) -> None:
        """Ask it to end; returns when it is gone."""

    @abstractmethod
    def kill(self) -> None:
        """End it at once, with no clean-up."""

    def __enter__(self) -> Self:
        self.start()
        try:
            self.wait_ready()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()
