"""Pages for a browser: templates that escape what they show, and a server for one reader."""
