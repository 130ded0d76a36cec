"""The command line: `tenlines`, one module per subcommand or small family of them."""
