"""Quantization-aware training: a trained network goes on training while it computes with rounded numbers, and becomes
an int8 file.

Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference";
Nagel et al. 2021, "A White Paper on Neural Network Quantization". The graph is torchao's ("PT2E").
"""

import logging
from contextlib import ExitStack

# torchao 0.18 says, on every import and so in every study's log, that it registers its enums in a way that torch 2.14
# will give up, and, beside a torch without CUDA, that its kernels for GPUs cannot be loaded. Nothing here needs either.
_SAID_ON_IMPORT = {
    "torch.utils._pytree": "register_constant() on Enum subclasses",
    "torchao": "Failed to load",
}


def _without(words: str) -> logging.Filter:
    silent = logging.Filter()
    silent.filter = lambda record: words not in record.getMessage()  # type: ignore[method-assign]
    return silent


with ExitStack() as _quiet:
    for _name, _words in _SAID_ON_IMPORT.items():
        _log, _filter = logging.getLogger(_name), _without(_words)
        _log.addFilter(_filter)
        _quiet.callback(_log.removeFilter, _filter)
    import torchao.quantization.pt2e  # noqa: F401
