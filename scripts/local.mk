EXTRA_DIST += scripts/in-netns
