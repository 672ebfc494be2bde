"""What is said of the machine that a study ran on: its parts, and its instructions for small number formats.

Says only what the fingerprint holds; that a processor has an instruction does not mean that an engine used it.
"""

from dataclasses import dataclass
from typing import Literal

from compression.decision.numbers import in_bytes
from compression.decision.why_fast import INT8_INSTRUCTIONS
from compression.decision.wording import listed
from compression.records.study import Document, Machine

Presence = Literal["present", "absent", "not known"]

X86 = ("AVX2", "AVX-512 VNNI", "AVX-VNNI", "AMX int8", "AMX bf16", "AVX512-BF16")
ARM = ("NEON dotprod", "i8mm", "Arm BF16")
# Windows is asked for nothing else of these: see compression.measurement.machine.processor.
TOLD_BY_WINDOWS = ("AVX2", "NEON dotprod")
PACKAGES: dict[str, str] = {
    "onnxruntime": "ONNX Runtime",
    "openvino": "OpenVINO",
    "nncf": "NNCF",
    "torch": "PyTorch",
    "torchvision": "torchvision",
    "onnx": "ONNX",
    "numpy": "NumPy",
}

GOVERNED = 'set by the system\'s "{}" governor'
QUOTA = "its container is allowed the time of {:g}"
NO_MACHINE = "No machine is known: this study has not started yet."
EIGHT_BITS = (
    "A network answers by multiplying numbers and adding up the products{}. Usually these are fp32 numbers of 32 bits; "
    "quantized to int8 they have 8, and four fit where one was. Whether that saves time as well depends on the "
    "processor: with instructions for 8-bit products it multiplies and adds many of them in one step."
)
SEVERAL_STEPS = (
    "This processor shows no instructions for 8-bit products, so that each takes several steps: int8 files are smaller "
    "here, and only the measured times say whether they are faster."
)
HAS_THEM = "This processor has such instructions: {}. Whether a file gets faster by them, only the measured times say."
NOT_TOLD = (
    "Windows does not say whether this processor has such instructions; the measured times show what they are worth."
)


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """One set of instructions, by its name in the glossary, and whether this machine has it."""

    name: str
    presence: Presence


def parts(machine: Machine) -> tuple[tuple[str, str], ...]:
    """What the machine is made of: (what, which)."""
    versions = [f"{title} {machine.packages[name]}" for name, title in PACKAGES.items() if name in machine.packages]
    return (
        ("Processor", machine.cpu),
        ("Cores", _cores(machine)),
        *([("Clock rate", GOVERNED.format(machine.governor))] if machine.governor else []),
        ("Memory", in_bytes(machine.memory_bytes)),
        ("System", machine.os),
        ("Software", ", ".join([*versions, f"Python {machine.python}"])),
    )


def _cores(machine: Machine) -> str:
    """How many cores a study may use, and what keeps it from using more."""
    used = "1 physical core" if machine.cores == 1 else f"{machine.cores} physical cores"
    of_all = f", of {machine.physical_cores}" if machine.physical_cores not in (None, machine.cores) else ""
    quota = "" if machine.cpu_quota is None else f"; {QUOTA.format(machine.cpu_quota)}"
    return f"{used} that a study may use{of_all}{quota}"


def instructions(machine: Machine) -> tuple[Instruction, ...]:
    """Those that a processor of this kind could have."""
    return tuple(Instruction(name=name, presence=_presence(name, machine)) for name in _could_have(machine))


def eight_bits(document: Document) -> tuple[str, ...]:
    """What 8-bit products are, with the original's number of them, and what this machine makes of them."""
    original = next((each for each in document.candidates if each.family == "original"), None)
    machine = document.machine
    if machine is None:
        return (NO_MACHINE,)
    often = (
        f", {original.macs:,} of them for one {document.subject.noun} with this study's original" if original else ""
    )
    present = [name for name in INT8_INSTRUCTIONS if name in machine.isa]
    if present:
        here = HAS_THEM.format(listed(present))
    elif any(each.presence == "not known" for each in instructions(machine)):
        here = NOT_TOLD
    else:
        here = SEVERAL_STEPS
    return (EIGHT_BITS.format(often), here)


def _presence(name: str, machine: Machine) -> Presence:
    if name in machine.isa:
        return "present"
    return "not known" if machine.os.startswith("Windows") and name not in TOLD_BY_WINDOWS else "absent"


def _could_have(machine: Machine) -> tuple[str, ...]:
    """By the kind of processor, which the system names last; all of them where it does not."""
    kind = machine.os.lower().rpartition(" ")[2]
    if kind in {"x86_64", "amd64"}:
        return X86
    return ARM if kind in {"aarch64", "arm64"} else X86 + ARM
