lib_libpxekit_a_SOURCES += lib/wire/pkt.c lib/wire/pkt.h
lib_libpxekit_a_SOURCES += lib/wire/tftp.c lib/wire/tftp.h
