"""Three files to begin with, one in each convention, and in each a layer with a mistake in it.

They are what the page shows as long as no file is named, and what it offers to download: each
stands alone, and says where its mistake is only by being wrong.
"""

from visualizer.student.examples import affine_cs231n, sigmoid_book, softmax_nnfs

# In the order in which the page offers them.
EXAMPLES = (softmax_nnfs, sigmoid_book, affine_cs231n)
