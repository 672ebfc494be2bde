"""Words for people about what others report."""

from compression.catalog.cards import PublishedResults

TITLE = "What others report"
NETWORK = "Network"
NETWORK_HELP = "A file of this study, or a classifier as its authors describe it."
PARAMETERS = "Parameters"
AUGMENTATION = "Training images changed by"
AUGMENTATION_HELP = "How others varied the training images; how this study trains is told above."
BY = "Reported by"
BY_HELP = "Who states the number. Those of this study were measured here, on the finished file."
NOT_STATED = "not stated"
OURS = "this study"


def about(published: PublishedResults) -> str:
    """Where the numbers come from, and what they are worth."""
    return (
        f"None of these but this study's own was measured here: they stand in the [{published.source}]"
        f"({published.address}), at commit {published.commit[:7]}, as their authors sent them in. The table's owners "
        "state that they have not verified them. They are for the same test images, from other trainings, and without "
        "an interval: good for a rough idea of what a network of some size can reach, not for a comparison in tenths."
    )
