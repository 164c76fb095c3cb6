"""The error tree. Each class says when it is raised and whether trying again helps.

HuanxinError
├── ConfigurationError   a setting, a source or a file of ours is wrong: correct it, then run again
├── StackError           a local service did not start, or a port, disk space, memory or a download is missing
├── UnavailableError     Kafka or ClickHouse does not answer: try again, nothing is lost
├── RejectedError        an event is not valid: the source corrects and sends it again
├── FileRefusedError     a file as a whole cannot be read: the source corrects and sends it again
└── SealError            a sealed payload cannot be opened with this key
"""


class HuanxinError(Exception):
    """Base of all errors of this project; the message says what to do."""


class ConfigurationError(HuanxinError):
    """A setting, a source or a reference file is wrong. Trying again does not help until it is corrected."""


class StackError(HuanxinError):
    """A local service did not start or something it needs is missing. The message names the log or the missing thing."""


class UnavailableError(HuanxinError):
    """A service is not there right now. Trying again helps; nothing was accepted and nothing is lost."""


class SealError(HuanxinError):
    """A sealed payload cannot be opened: another key sealed it, or it was altered. Trying again does not help."""


class RejectedError(HuanxinError):
    """An event is not valid and will never be. `stage` and `reason` are machine readable, `field` is a dotted path."""

    def __init__(self, stage: str, reason: str, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.stage = stage
        self.reason = reason
        self.field = field
        self.message = message


class FileRefusedError(HuanxinError):
    """A file, or a part of one, cannot be read as its source's. `reason` is machine readable, `detail` names what was found."""

    def __init__(self, reason: str, name: str, detail: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.reason = reason
        self.name = name
        self.detail = detail
