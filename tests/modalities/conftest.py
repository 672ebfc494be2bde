import pytest
import torch


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    """Students are trained as one function only where each process has one thread."""
    torch.set_num_threads(1)
