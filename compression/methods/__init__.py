"""Floor 3: the methods themselves: training, distillation, quantization and export.

Knows nothing of studies, pages or verdicts: it is given data and a recipe, and hands back progress and an artefact.
"""
