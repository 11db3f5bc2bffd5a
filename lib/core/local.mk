lib_libpxekit_a_SOURCES += lib/core/mac.c lib/core/mac.h
