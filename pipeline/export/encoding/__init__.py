"""From PCM to encoded files.

`encoder` is the interface that the recorders use. Formats whose packets can be joined (AAC in
MP4) are encoded part by part in parallel by `parts_encoder`, which writes the container itself
(`mp4_writer`); ffmpeg writes all others in one go (`file_encoder`). What was encoded once is
cached (`cache`).
"""
