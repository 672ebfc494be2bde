"""What to be careful of with a dataset that can be studied, told before a study. Torch-free."""

from collections import Counter

from compression.catalog.examples import Dataset
from compression.measurement.accuracy.wilson import wilson_interval

# What students hardly learn from.
FEW_OF_A_CLASS = 20
# From here on, one class hides another.
UNEVEN = 20
# Whoever gives away less than a point wants to see a point.
ONE_POINT, USUAL_ACCURACY = 1.0, 0.9


def concerns(dataset: Dataset) -> list[str]:
    """What to be careful of with a dataset that can be studied, and what it means for the verdict."""
    card, test = dataset.card, len(dataset.test)
    counts = Counter(dataset.train.labels.tolist())
    (most, largest), (fewest, smallest) = counts.most_common(1)[0], counts.most_common()[-1]
    told = []
    if smallest < FEW_OF_A_CLASS:
        told.append(
            f"'{card.classes[fewest]}' has {smallest} {card.nouns} to learn from: students will know it badly. "
            "Add some, if you can."
        )
    if largest > UNEVEN * smallest:
        told.append(
            f"'{card.classes[most]}' is {largest / smallest:.0f} times as frequent as '{card.classes[fewest]}': "
            "accuracy says little of the rare one. Look at each class."
        )
    low, high = wilson_interval(round(USUAL_ACCURACY * test), test)
    reach = 100 * (high - low) / 2
    if reach > ONE_POINT:
        told.append(
            f"With {test:,} {card.nouns} to test with, an accuracy is known to {reach:.1f} points: the verdict cannot "
            "tell closer ones apart."
        )
    return told
