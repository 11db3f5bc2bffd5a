lib_libpxekit_a_SOURCES += lib/wire/pkt.c lib/wire/pkt.h
