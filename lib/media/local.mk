lib_libpxekit_a_SOURCES += lib/media/catalogue.c lib/media/catalogue.h
