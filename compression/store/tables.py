"""The tables of the store, in SQLAlchemy Core. Records are kept as the JSON of their pydantic models."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

studies = Table(
    "studies",
    metadata,
    Column("id", String, primary_key=True),
    Column("created", Float, nullable=False, index=True),
    Column("state", String, nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("machine", Text),
    Column("pairs", Text),
    Column("timing", Text),
    Column("verdict", Text),
    Column("message", Text),
    Column("started", Float),
    Column("ended", Float),
    Column("cancel_requested", Boolean, nullable=False, default=False),
    # A pid alone may have been given to another process since; with its creation time it is unique.
    Column("worker_pid", Integer),
    Column("worker_created", Float),
)

candidates = Table(
    "candidates",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("study", String, ForeignKey("studies.id", ondelete="CASCADE"), nullable=False),
    Column("id", String, nullable=False),
    Column("record", Text, nullable=False),
    UniqueConstraint("study", "id"),
)

news = Table(
    "news",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("study", String, ForeignKey("studies.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("record", Text, nullable=False),
)

failures = Table(
    "failures",
    metadata,
    Column("study", String, ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True),
    Column("candidate", String, primary_key=True),
    Column("record", Text, nullable=False),
)

plans = Table(
    "plans",
    metadata,
    Column("study", String, ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True),
    Column("record", Text, nullable=False),
)

names = Table(
    "names",
    metadata,
    Column("study", String, ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String, nullable=False),
)

beforehand = Table(
    "beforehand",
    metadata,
    Column("study", String, ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True),
    Column("record", Text, nullable=False),
)

subjects = Table(
    "subjects",
    metadata,
    Column("study", String, ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True),
    Column("record", Text, nullable=False),
)

layers = Table(
    "layers",
    metadata,
    Column("study", String, ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True),
    Column("record", Text, nullable=False),
)

threads = Table(
    "threads",
    metadata,
    Column("study", String, ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True),
    Column("lane", String, primary_key=True),
    Column("threads", Integer, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    Column("study", String, ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True),
    Column("candidate", String, primary_key=True),
)
