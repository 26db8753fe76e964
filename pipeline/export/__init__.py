"""From PCM to finished files.

The flow is sections -> files -> parts -> packets. `sections` cuts a script into one section per
file, and `folder` or `single_file` writes them all. `file_recorder` records one section to one
file: cut into parts, which `part_recorder` mixes and encodes in parallel, and whose packets
`encoding` joins. `mastering` finds the format and the gain that a delivery target requires. `tags`,
`cover` and `captions` complete a finished file.

A failure or an interrupt leaves no half-written output: everything is written to a work folder
(`core.output`) and moved at the end.
"""
