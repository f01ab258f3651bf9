"""K-means: rows into k clusters around centres.

`rows` is the space that distances are measured in, `starts` chooses the first centres, `lloyd` moves them, `constrained`
deals rows to clusters of a least size, `model` is the result.
"""
