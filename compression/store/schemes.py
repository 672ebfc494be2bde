"""Schemes: the ways to store a network's numbers in fewer bits. Says which, and nothing of how."""

from typing import Literal

Scheme = Literal["int8-ptq", "fp16"]

# Short names, for people.
SCHEME_TITLES: dict[Scheme, str] = {"int8-ptq": "int8", "fp16": "fp16"}
