"""Does any input break it? Programs that try, and write what came of it into ``docs/reliability.md``."""
