"""Other people's ways to quantize the same network, each as its own documentation recommends it for an x86 CPU."""

import importlib.util
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import nn

Images = NDArray[np.float32]
BATCH = 10


def by_onnxruntime(
    source: Path, target: Path, calibration: Images, written: Literal["QDQ", "QOperator"] = "QDQ"
) -> None:
    """ONNX Runtime's ``quantize_static``, after its ``quant_pre_process``: weights int8 per channel, activations uint8
    between the smallest and the largest number seen. A QOperator file has operators that compute in integers."""
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    name = onnx.load(source).graph.input[0].name

    class Reader(CalibrationDataReader):
        def __init__(self) -> None:
            self._left = iter([{name: calibration[at : at + BATCH]} for at in range(0, len(calibration), BATCH)])

        def get_next(self) -> dict[str, Images] | None:
            return next(self._left, None)

    logging.getLogger().setLevel(logging.ERROR)
    with TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.onnx"
        quant_pre_process(str(source), str(ready))
        quantize_static(
            str(ready),
            str(target),
            Reader(),
            quant_format=QuantFormat[written],
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )


def by_nncf_for_openvino(source: Path, target: Path, calibration: Images) -> None:
    """NNCF on OpenVINO's own format, all of it as it comes; ``target`` is an .xml file."""
    import nncf
    import openvino

    nncf.set_log_level(logging.ERROR)
    data = nncf.Dataset([calibration[at : at + 1] for at in range(len(calibration))])
    quantized = nncf.quantize(openvino.convert_model(str(source)), data, subset_size=len(calibration))
    openvino.save_model(quantized, str(target), compress_to_fp16=False)


def pt2e_is_missing() -> str:
    """Why torchao's way cannot be taken here; empty when it can."""
    if importlib.util.find_spec("torchao") is None:
        return "torchao is not installed"
    return "" if shutil.which("g++") else "Inductor needs a compiler, and there is no g++"


def by_pt2e(network: nn.Module, calibration: Images, batch: int) -> Callable[[Images], Images]:
    """torchao's PT2E with the quantizer for x86, compiled by Inductor with frozen weights, for one size of batch."""
    import torch._inductor.config as inductor
    from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_pt2e
    from torchao.quantization.pt2e.quantizer import x86_inductor_quantizer as x86

    inductor.freezing = True
    quantizer = x86.X86InductorQuantizer().set_global(x86.get_default_x86_inductor_quantization_config())
    example = torch.from_numpy(np.array(calibration[:batch]))
    prepared = prepare_pt2e(torch.export.export(network.eval(), (example,), strict=True).module(), quantizer)
    with torch.no_grad():
        for at in range(0, len(calibration) - batch + 1, batch):
            prepared(torch.from_numpy(np.array(calibration[at : at + batch])))
        compiled = torch.compile(convert_pt2e(prepared))
        compiled(example)

    def run(images: Images) -> Images:
        with torch.no_grad():
            return compiled(torch.from_numpy(images)).numpy()

    return run
