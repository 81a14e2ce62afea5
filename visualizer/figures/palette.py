"""One colour for one quantity, on every page. `.streamlit/config.toml` mirrors the scales."""

# Each has a contrast of at least 3:1 on the light and on the dark background; a test computes it.
LOGITS = "#64748B"
OUTPUT = "#0E9384"
UPSTREAM = "#C77700"
RESULT = "#D6336C"
TERM = "#E56C98"
SLOPE = "#7B5CD6"
LOSS = "#2F78D0"

# What is not so: a wrong result behind the right one.
GHOST = "#80848E"

# Blue for negative, red for positive, neutral at 0; never red and green. In the browser the scale
# comes from the theme (`chartDivergingColors`), so that 0 has the colour of the page.
DIVERGING = (
    "#053061",
    "#2166AC",
    "#4393C3",
    "#92C5DE",
    "#E3EDF3",
    "#F9EAE1",
    "#F4A582",
    "#D6604D",
    "#B2182B",
    "#67001F",
)
