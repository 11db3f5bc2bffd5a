lib_libpxekit_a_SOURCES += lib/serve/serve.h
