"""Images: reading, augmentation, students, and the networks that are bundled."""
