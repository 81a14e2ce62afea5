"""Student: layers from a file of the user's own, run and compared with what they should return.

Here belongs how layers are found in a module and called, the child process in which the module
runs, what is measured of a layer, and the judgement: which elements disagree, and which well-known
mistake that is. Nothing here knows a page, a figure or Streamlit; what a page shows of all this is
the lesson `your_layer`. Only a file named on the command line is ever run.
"""
