"""The engine `http`: the voices of a server with an OpenAI-style endpoint.

`engine` is the engine itself, `client` asks and retries, `transport` makes one exchange within its
time limit, `failures` puts what went wrong into words, `audio` reads what the server calls audio.

All of it is the standard library's: a request is a small JSON text and its answer one file, so what
counts is a limit on the whole time and size of an answer and an end at ^C. No client library has
the former, and requests, httpx and urllib3 would each add packages for connections kept alive,
which save milliseconds where synthesis takes seconds.
"""
