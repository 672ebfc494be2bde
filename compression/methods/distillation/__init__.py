"""What a student learns from a teacher: objectives, their losses, and the teacher's answers and features."""
