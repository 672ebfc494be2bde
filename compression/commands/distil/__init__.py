"""``distil``: any ``.onnx`` classifier in, a student of it out. What each file here is for, from the top down::

command   what a person asks for, and whether it can be done: said before torch is imported
run       the request carried out, from the first look at the teacher to the files and the tables
check     whether the file can teach at all, and what the finished files answer
result    the record of what became of teacher and students, and what is printed of it
request   the record of what was asked for
"""
