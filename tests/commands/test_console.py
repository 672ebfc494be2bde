"""What commands print is what they were given: a person can copy the name of a file."""

import pytest
from rich.table import Table

from compression.commands.console import console

NAMES = ("student[v2].onnx", "student[bold].onnx", ":x:.onnx", "[/].onnx")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_printed_as_it_is(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("", name)
    table.add_row(f"the student, {name}", "25 KB")
    output = console()
    output.print(f"{name}: 25 KB", soft_wrap=True)
    output.print(table)
    sentence, *drawn = capsys.readouterr().out.splitlines()
    assert sentence == f"{name}: 25 KB"
    assert [line.count(name) for line in drawn] == [0, 1, 0, 1, 0]
