"""``distil``: any ``.onnx`` classifier in, a student of it out. What each file here is for, from the top down::

command         what a person asks for, and whether it can be done: said before torch is imported
carrying_out    the order carried out, from the first look at the teacher to the files and the tables
teacher_check   whether the file can teach at all
work_folder     where everything lies until then
making          asking the teacher, and training
examination     what the finished files answer
outcome_tables  what is printed of it
outcome         the record of what became of teacher and students
order           the record of what was asked for
"""
