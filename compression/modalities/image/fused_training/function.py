"""A network of convolutions and norms as one function of torch's, with the gradients of all its weights. Knows nothing
of what is trained, or how.

Between its layers there is neither a module nor a record of operators to go through, and the memory for feature maps is
kept from batch to batch. What that is worth: docs/lab-notes.md, "Fused training against modules".
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx, once_differentiable

from compression.modalities.image.fused_training.convolution import convolution_gradients, convolve
from compression.modalities.image.fused_training.norm_kernels import Maps, differentiate, normalize
from compression.modalities.image.fused_training.program import FeatureMaps, Program, numbers_of


def pooled(images: Tensor, program: Program) -> Tensor:
    """Images [N, C, H, W] to the mean of each of the last maps: [N, channels] in float32, or in autocast's type.

    What is in memory then is overwritten by the next batch: gradients have to be taken before.
    """
    means: Tensor = FusedFunction.apply(images, program, *program.parameters())
    return means


class FusedFunction(torch.autograd.Function):
    """``apply(images, program, *program.parameters())``: what ``pooled`` says."""

    @staticmethod
    def forward(ctx: FunctionCtx, images: Tensor, program: Program, *_: Tensor) -> Tensor:
        """Take all steps, and keep what the gradients need."""
        precision = torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else torch.float32
        program.begin(images, precision)
        places, kept = program.places, list[Tensor]()
        for step, place, gradients in zip(program.steps, places[1:], program.gradients, strict=True):
            weight = step.convolution.weight.to(precision, memory_format=torch.channels_last)
            convolved = convolve(places[step.source].memory.maps, weight, step.convolution)
            convolved = convolved.contiguous(memory_format=torch.channels_last)
            norm, statistics, made = step.norm, torch.empty(2, place.layout.channels), place.memory.numbers
            norm.num_batches_tracked.add_(1)  # type: ignore[union-attr]  # norms of these layers have them
            normalize(
                numbers_of(convolved),
                gradients.pitch,
                place.layout.run,
                None if step.added is None else places[step.added].memory.numbers,
                norm.weight.detach().numpy(),
                norm.bias.detach().numpy(),
                np.float32(norm.eps),
                step.layer.rectified,
                _momentum(norm),
                norm.running_mean.numpy(),  # type: ignore[union-attr]
                norm.running_var.numpy(),  # type: ignore[union-attr]
                statistics.numpy(),
                made,
                place.layout.run_pitch,
            )
            kept += [weight, convolved, statistics]
        ctx.save_for_backward(*kept)
        ctx.program, ctx.batches = program, program.batches  # type: ignore[attr-defined]  # torch means it so
        return places[-1].layout.pixels(places[-1].memory.maps).mean((3, 4)).flatten(0, 1)

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, gradient: Tensor) -> tuple[Tensor | None, ...]:
        """The gradients with respect to all parameters.

        Raises RuntimeError when another batch has gone through the program since.
        """
        program: Program = ctx.program  # type: ignore[attr-defined]
        if program.batches != ctx.batches:  # type: ignore[attr-defined]
            raise RuntimeError("the memory that these gradients are taken from holds another batch already")
        kept: tuple[Tensor, ...] = ctx.saved_tensors  # type: ignore[attr-defined]
        places = program.places
        # With respect to each of the maps as many gradients as there are steps that take or add them: one or two.
        found: list[list[Maps]] = [[] for _ in places]
        found[-1].append(_gradient_of_maps(gradient, places[-1]))
        parameters: list[Tensor] = []
        for number in reversed(range(len(program.steps))):
            step, place, gradients = program.steps[number], places[number + 1], program.gradients[number]
            weight, convolved, statistics = kept[3 * number : 3 * number + 3]
            made, grad_norm = place.memory.numbers, torch.empty_like(statistics)
            first, second = (*found[number + 1], None)[:2]
            differentiate(
                numbers_of(convolved),
                gradients.pitch,
                place.layout.run,
                made,
                first,
                second,
                place.layout.run_pitch,
                step.norm.weight.detach().numpy(),
                np.float32(step.norm.eps),
                step.layer.rectified,
                statistics.numpy(),
                gradients.added.numbers,
                gradients.convolved.numbers,
                grad_norm.numpy(),
            )
            if step.added is not None:
                found[step.added].append(gradients.added.numbers)
            source = places[step.source].memory.maps
            grad_maps, grad_weight = convolution_gradients(
                gradients.convolved.maps, source, weight, step.convolution, of_maps=step.source > 0
            )
            if grad_maps is not None:
                found[step.source].append(numbers_of(grad_maps))
            parameters += [grad_norm[1], grad_norm[0], grad_weight.float()]
        return None, None, *reversed(parameters)


def _momentum(norm: nn.BatchNorm2d) -> np.float32:
    """The share of a batch in the running statistics; where none is set, they are the average of all batches."""
    batches: Tensor = norm.num_batches_tracked  # type: ignore[assignment]
    return np.float32(1.0 / int(batches) if norm.momentum is None else norm.momentum)


def _gradient_of_maps(gradient: Tensor, place: FeatureMaps) -> Maps:
    """The gradient with respect to maps from that with respect to the mean of each [N, C]."""
    result, layout = torch.empty_like(place.memory.maps), place.layout
    pixels = layout.pixels(result)
    each = (gradient / (layout.height * layout.width)).view(-1, layout.together, layout.channels)
    pixels.copy_(each[:, :, :, None, None].expand_as(pixels))
    return numbers_of(result)
