lib_libpxekit_a_SOURCES += lib/sys/exits.h
lib_libpxekit_a_SOURCES += lib/sys/tool.c lib/sys/tool.h
lib_libpxekit_a_SOURCES += lib/sys/udp.c lib/sys/udp.h
