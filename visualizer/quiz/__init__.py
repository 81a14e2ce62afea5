"""Quiz: questions about a backward pass, right and wrong options, and reasons.

One module a kind of question, each with its draw, words and reason. Here belongs what is asked and
why the answer is right; how a question looks on its page does not.
"""
