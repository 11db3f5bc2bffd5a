lib_libpxekit_a_SOURCES += lib/serve/serve.c lib/serve/serve.h
