"""Live: the component that draws figures in the browser and hears of their drags.

Its Python side mounts it; in `browser` stand its modules and styles. What is drawn comes from
`visualizer.lessons`; what a page is made of besides figures belongs to `visualizer.ui`.
"""
