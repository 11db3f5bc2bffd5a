/*
 * load - many machines at once, on a network that is ours to load.
 */
#pragma once

int load_main(int argc, char *argv[]);
