lib_libpxekit_a_SOURCES += lib/wire/pkt.c lib/wire/pkt.h
lib_libpxekit_a_SOURCES += lib/wire/tftp.c lib/wire/tftp.h
lib_libpxekit_a_SOURCES += lib/wire/dhcp.c lib/wire/dhcp_put.c lib/wire/dhcp_text.c
lib_libpxekit_a_SOURCES += lib/wire/dhcp.h lib/wire/dhcp_code.h
lib_libpxekit_a_SOURCES += lib/wire/range.c lib/wire/range.h
lib_libpxekit_a_SOURCES += lib/wire/url.c lib/wire/url.h
lib_libpxekit_a_SOURCES += lib/wire/arch.c lib/wire/arch.h
lib_libpxekit_a_SOURCES += lib/wire/udp4.c lib/wire/udp4.h
