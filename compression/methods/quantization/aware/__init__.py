"""Quantization-aware training: a trained network goes on training while it computes with rounded numbers, and becomes
an int8 file.

Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference";
Nagel et al. 2021, "A White Paper on Neural Network Quantization". The graph is torchao's ("PT2E").
"""

import logging


def _says_nothing_of_enums(record: logging.LogRecord) -> bool:
    return "register_constant() on Enum subclasses" not in record.getMessage()


# torchao 0.18 registers its enums with torch in a way that torch 2.14 logs a warning of, on every import; this one
# line is kept out of the logs of studies, and nothing else. Its C++ extensions are for GPUs only, load without a word,
# and are not used here.
_log = logging.getLogger("torch.utils._pytree")
_log.addFilter(_says_nothing_of_enums)
try:
    import torchao.quantization.pt2e  # noqa: F401
finally:
    _log.removeFilter(_says_nothing_of_enums)
