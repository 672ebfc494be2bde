"""Every technical term that a page or the report uses, explained once, in plain words. Longer than other files because
it is data.

Tooltips take their words from here through ``explain``; the method page shows all of it, the report the terms that it
uses. Knows no study.
"""

import re

from compression.records.subject import Subject

TERMS: dict[str, str] = {
    "95% interval": "A range made by a rule that, repeated on fresh measurements, would hold the true value about 95 "
    "times in 100. It covers the chance in this measurement only: not another machine, another kind of example or "
    "another training.",
    "95th percentile": "The time that 95 of 100 runs stay below: what the slower answers take. The range beside it is "
    "a 95% interval; where there is none, the runs were too few for one.",
    "Accuracy": "The share of the test examples for which the class that a file finds most likely is the right one.",
    "Accuracy-aware quantization": "Quantization that puts steps of the network back into floating point, the one that "
    "matters most first, until no more accuracy is lost than was allowed.",
    "Activations": "The intermediate results that a network hands from one step to the next while it answers.",
    "AMX bf16": "Instructions of some x86 server processors that multiply whole blocks of bf16 numbers, up to 8,192 "
    "products in one instruction.",
    "AMX int8": "Instructions of some x86 server processors that multiply whole blocks of 8-bit numbers, up to 16,384 "
    "products in one instruction.",
    "Arm BF16": "Instructions of Arm processors that multiply bf16 numbers and add up the products in one step.",
    "AVX2": "Instructions of x86 processors that work on eight fp32 numbers, or on 32 of 8 bits, at once; without VNNI "
    "a product of 8-bit numbers takes several of them.",
    "AVX-512 VNNI": "VNNI in registers of 512 bits: 64 products of 8-bit numbers in one instruction.",
    "AVX-VNNI": "VNNI in registers of 256 bits: 32 products of 8-bit numbers in one instruction.",
    "AVX512-BF16": "Instructions of x86 processors that multiply bf16 numbers and add up the products, 32 in one "
    "instruction.",
    "Batch": "How many examples are handed over at once. An app or a device asks for one at a time; a server often "
    "collects many.",
    "Bits per weight": "All bytes of a file, its steps and its graph included, in bits, over the number of the "
    "original's parameters: how much is stored on average, whatever is computed with.",
    "bf16": "A number in 16 bits, with the range of fp32 but only two to three decimal digits. Some processors compute "
    "in it faster than in fp32.",
    "Calibration": "Running some training examples through a network to see how large its intermediate results get, so "
    "that quantization can choose its steps. It needs no labels and trains nothing.",
    "Calibration error": "How far the probabilities that come with the answers are from the share of answers that are "
    "right, averaged over 15 groups of answers with similar probabilities (expected calibration error, ECE). With "
    "10,000 examples, chance alone makes half a percent of it. It has nothing to do with calibration for quantization.",
    "Candidate": "One finished file of a study: the original, one that was made from it, or one to compare with.",
    "Class": "One of the kinds into which a network sorts examples.",
    "Confidence": "The probability that a file itself gives to its answer. It can be sure and wrong.",
    "Control": "The same student, trained for as long on the same examples, but without the teacher. What the "
    "distilled student has ahead of it is what the teacher was worth.",
    "Distillation": "A small network, the student, is trained to give the same answers as the original, its teacher. "
    "It can do without labels: the teacher has an answer to any example.",
    "Dynamic quantization": "Quantization that chooses the steps for a layer's input anew for each batch, instead of "
    "once beforehand with calibration examples.",
    "Divergence": "How far the probabilities of a changed network are from those of the network itself: the "
    "Kullback-Leibler divergence in nats, averaged over examples. 0 means the same answers with the same confidence.",
    "Download size": "The size of the file after compression as app stores use it (deflate): what people download.",
    "Energy": "What the processor takes for one example, by its own counters: the middle of several readings, beside "
    "the smallest and the largest. Everything else that it does meanwhile is counted too; memory and the rest of the "
    "machine are not.",
    "Engine": "The software that runs a model file on a processor. The same file can be faster or slower in another "
    "engine, and now and then answer differently.",
    "File size": "All bytes of the model file as it lies on disk. 1 MB is 1,000,000 bytes.",
    "Example": "One of the things that a dataset holds, and that a network sorts into classes.",
    "Fits": "Whether a candidate keeps to every limit that is set above, as measured.",
    "Floating point": "Numbers with a decimal point, such as fp32, fp16 and bf16; int8 is none of them.",
    "fp16": "A number in 16 bits, half the room of fp32, with three to four decimal digits and a smaller range.",
    "fp32": "A number in 32 bits with about seven decimal digits: the usual format of a trained network.",
    "Histogram": "How many numbers there are of each size: the higher the curve, the more of them.",
    "i8mm": "Instructions of Arm processors that multiply small blocks of 8-bit numbers, 32 products in one "
    "instruction on registers of 128 bits.",
    "int4": "A whole number in 4 bits, which can take 16 values: half the room of int8. Processors have to widen it "
    "before they compute with it.",
    "int8": "A whole number in 8 bits, which can take 256 values. Together with a scale that many numbers share it "
    "stands in for an fp32 number, in a quarter of the room.",
    "Kind": "How a file came to be: as it was (original), by distillation, by quantization, by both in turn, or by "
    "training without a teacher (control).",
    "Label": "The class that an example is known to be of.",
    "Latency": "The time from handing a batch to the engine until all its answers are there. Loading the file and "
    "preparing the examples are not in it.",
    "Layer": "A step of a network that has weights of its own: here a convolution, which looks at one patch of an "
    "example after the other, or a linear layer, which looks at everything at once.",
    "Logits": "The raw scores that a network gives to all classes before they are turned into probabilities.",
    "MACs": "Multiply-accumulates: how often answering one example takes a multiplication and the addition that "
    "follows. Counted from the file, in convolutions and matrix products.",
    "McNemar's test": "A test of whether two files are equally accurate. It looks only at the examples that just one "
    "of the two got right: between equally good files these would fall like tosses of a coin.",
    "Median": "The middle value: half of all values are smaller, half are larger. A few slow runs hardly move it, "
    "unlike an average.",
    "Memory": "What a file adds to the largest amount of memory that a fresh process of the bare engine occupies, when "
    "it loads the file and answers one example. It is the middle of several such weighings; the range beside it is the "
    "least and the most that any two of them give, so that a file too small to be told from the spread between "
    "processes reaches down to 0.",
    "Memory traffic": "The bytes that have to be read and written for one example: every weight once, every "
    "intermediate result once when it is written and once for each step that reads it. Computed from the file, not "
    "measured.",
    "Mixed precision": "Different numbers of bits for different layers, as many as each of them needs.",
    "NEON dotprod": "Instructions of Arm processors that multiply 8-bit numbers and add up the products, 16 in one "
    "instruction.",
    "Noise": "How far one and the same file, timed several times as if it were several files, differs from itself on a "
    "machine (an A/A test). Smaller differences between files are not called differences.",
    "Operator": "One step of a network's computation, such as a convolution (Conv) or an addition (Add).",
    "ONNX": "An open file format for trained networks, which many engines can run.",
    "Paired comparison": "Comparing two files example by example, on the same ones. As both mostly get the same ones "
    "right, it tells apart much smaller differences than their two separate intervals do.",
    "Parameters": "The numbers in a network that training has set: its weights and biases.",
    "Pareto front": "The candidates that no other beats: none is at least as good on both counts and better on one.",
    "Precision": "The number format in which the engine computes whatever it does not compute in int8.",
    "Quantization": "The same network with its numbers stored in fewer bits and, where the engine can, computed in "
    "fewer bits. Nothing is trained, unless it says so.",
    "Quantization-aware training": "QAT: a trained network is trained on for a moment while it already computes with "
    "rounded numbers, so that it learns to bear the rounding.",
    "Seed": "Everything that is drawn at random follows from this number. The same number draws the same again.",
    "Sensitivity": "What it costs to store one layer in few bits while all others stay as they are: the share of "
    "examples that are answered right before, less the share after.",
    "Student": "A smaller network that is trained to take the original's place.",
    "Teacher": "The network whose answers a student learns from: here the original.",
    "Temperature": "How much the teacher's probabilities are evened out before a student learns from them. At 1 they "
    "stay as they are; above it, the less likely classes count for more.",
    "Test examples": "Examples that nothing is trained on or adjusted to. They are used for the final measurement "
    "only.",
    "Threads": "On how many processor cores at once an engine may work on a batch.",
    "Throughput": "How many examples are answered per second when one batch follows the other: the examples of a batch "
    "divided by the median time for it.",
    "Time to make": "How long making the file took in this study, while the other lane may have been at work as well; "
    "with the student, where a student was quantized. Training the original is not in it.",
    "Training data needed": "How many examples making the file takes, and whether somebody has to have said what they "
    "are (labelled). The original's own training is not in it.",
    "Top-5 accuracy": "The share of the test examples whose class is among the five that a file finds most likely. "
    "Given where there are more than ten classes.",
    "Training examples": "Examples with known labels from which students are trained and quantization takes its "
    "ranges.",
    "Validation accuracy": "The share of the validation examples that the latest student answers right. The final "
    "accuracy is measured on the finished file, with the test examples.",
    "Validation examples": "Training examples that are kept apart from training, to watch it and to decide on.",
    "VNNI": "Vector Neural Network Instructions: x86 instructions that multiply 8-bit numbers and add up the products "
    "in one step.",
    "Warm-up": "Runs before the timing that do not count, since the first runs of a file are slower.",
    "Weight-only quantization": "Only the weights are stored in fewer bits; what is computed stays in floating point. "
    "The file is smaller, and takes as long as before.",
    "Weights": "The numbers by which a network multiplies what it is given; most of its parameters.",
    "Wilson interval": "The 95% interval of a share, such as an accuracy, by a method that holds near 0% and 100% too.",
}


def explain_measured(term: str) -> str:
    """What a measured quantity is, and what the range beside it means. Raises KeyError as ``explain``."""
    return f"{explain(term)} The range beside it: {TERMS['95% interval'][0].lower()}{TERMS['95% interval'][1:]}"


def explain(term: str) -> str:
    """What a term means, in one or two plain sentences. Raises KeyError for a term that is not in the glossary."""
    return TERMS[term]


def explain_each(*terms: str) -> str:
    """What several terms mean, a paragraph each, in Markdown. Raises KeyError as ``explain``."""
    return "\n\n".join(f"**{term}:** {explain(term)}" for term in terms)


def terms_in(text: str, *also: str, subject: Subject) -> tuple[tuple[str, str], ...]:
    """The terms that a text uses, in either case and in the plural as well, with ``also`` and the terms that explain
    any of these, each with its explanation, in the order of ``alphabetical``. The text calls examples what the
    ``subject`` calls them."""
    text = re.sub(rf"\b{re.escape(subject.nouns)}\b", "examples", text, flags=re.IGNORECASE)
    text = re.sub(rf"\b{re.escape(subject.noun)}\b", "example", text, flags=re.IGNORECASE)
    found = {*also, *(term for term in TERMS if _stands_in(term, text))}
    explanations = " ".join(map(explain, found))
    found |= {term for term in TERMS if _stands_in(term, explanations)}
    return tuple(entry for entry in alphabetical() if entry[0] in found)


def _stands_in(term: str, text: str) -> bool:
    one = re.escape(term.casefold())
    return re.search(rf"(?<![\w-])({one}(s|es)?|{one.removesuffix('s')})(?![\w-])", text.casefold()) is not None


def alphabetical() -> tuple[tuple[str, str], ...]:
    """Every term with its explanation, as a reader looks it up: capitals and signs make no difference."""
    return tuple(sorted(TERMS.items(), key=lambda entry: [sign for sign in entry[0].casefold() if sign.isalnum()]))
