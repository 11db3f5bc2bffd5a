bin_PROGRAMS += pxeprobe
# The judgement and the script reader are pure; the rest asks the network.
pxeprobe_pure = \
	tools/pxeprobe/checks_file.c tools/pxeprobe/checks_net.c tools/pxeprobe/checks.h \
	tools/pxeprobe/facts.c tools/pxeprobe/facts.h \
	tools/pxeprobe/figures.c tools/pxeprobe/figures.h \
	tools/pxeprobe/judge.c tools/pxeprobe/judge.h \
	tools/pxeprobe/script.c tools/pxeprobe/script.h
pxeprobe_SOURCES = tools/pxeprobe/main.c $(pxeprobe_pure)
pxeprobe_SOURCES += tools/pxeprobe/ask.c
pxeprobe_SOURCES += tools/pxeprobe/cable.c tools/pxeprobe/cable.h
pxeprobe_SOURCES += tools/pxeprobe/follow.c tools/pxeprobe/follow.h
pxeprobe_SOURCES += tools/pxeprobe/httpget.c tools/pxeprobe/httpget.h
pxeprobe_SOURCES += tools/pxeprobe/iface.c tools/pxeprobe/iface.h
pxeprobe_SOURCES += tools/pxeprobe/load.c tools/pxeprobe/load.h
pxeprobe_SOURCES += tools/pxeprobe/machine.c tools/pxeprobe/machine.h
pxeprobe_SOURCES += tools/pxeprobe/play.c tools/pxeprobe/play.h
pxeprobe_SOURCES += tools/pxeprobe/report.c tools/pxeprobe/report_json.c tools/pxeprobe/report.h
pxeprobe_SOURCES += tools/pxeprobe/tftpget.c tools/pxeprobe/tftpget.h
pxeprobe_LDADD = $(LDADD) $(CURL_LIBS) -lpthread
