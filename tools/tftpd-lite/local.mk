sbin_PROGRAMS += tftpd-lite
# What knows no socket and no clock: tests/fuzz/fuzz_tftpd_server.c has its own.
tftpd_lite_core = \
	tools/tftpd-lite/asker.c tools/tftpd-lite/asker.h \
	tools/tftpd-lite/clients.c tools/tftpd-lite/clients.h \
	tools/tftpd-lite/deliver.c \
	tools/tftpd-lite/files.c tools/tftpd-lite/files.h \
	tools/tftpd-lite/fold.c tools/tftpd-lite/fold.h \
	tools/tftpd-lite/lookup.c tools/tftpd-lite/lookup.h \
	tools/tftpd-lite/names.c tools/tftpd-lite/names.h \
	tools/tftpd-lite/netascii.c tools/tftpd-lite/netascii.h \
	tools/tftpd-lite/pace.c tools/tftpd-lite/pace.h \
	tools/tftpd-lite/peer.c tools/tftpd-lite/peer.h \
	tools/tftpd-lite/reading.c tools/tftpd-lite/reading.h \
	tools/tftpd-lite/report.c tools/tftpd-lite/report.h \
	tools/tftpd-lite/request.c \
	tools/tftpd-lite/send.c tools/tftpd-lite/send.h \
	tools/tftpd-lite/server.c tools/tftpd-lite/server.h \
	tools/tftpd-lite/session.c tools/tftpd-lite/session.h \
	tools/tftpd-lite/sockets.c tools/tftpd-lite/sockets.h \
	tools/tftpd-lite/timers.c \
	tools/tftpd-lite/transfers.c tools/tftpd-lite/transfers.h \
	tools/tftpd-lite/way.c tools/tftpd-lite/way.h \
	tools/tftpd-lite/window.c tools/tftpd-lite/window.h
# All but main(), so that tests can have them, too.
tftpd_lite_parts = $(tftpd_lite_core) \
	tools/tftpd-lite/loop.c \
	tools/tftpd-lite/readers.c tools/tftpd-lite/readers.h \
	tools/tftpd-lite/receive.c tools/tftpd-lite/receive.h \
	tools/tftpd-lite/wire.c
tftpd_lite_SOURCES = tools/tftpd-lite/main.c $(tftpd_lite_parts)
