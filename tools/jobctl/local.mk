# A verb is a file here and a row of verbs[] in jobctl.c.
bin_PROGRAMS += jobctl
jobctl_SOURCES = tools/jobctl/jobctl.c tools/jobctl/jobctl.h
jobctl_SOURCES += tools/jobctl/options.c
jobctl_SOURCES += tools/jobctl/select.c tools/jobctl/select.h
jobctl_SOURCES += tools/jobctl/add.c
jobctl_SOURCES += tools/jobctl/secret.c tools/jobctl/secret.h
jobctl_SOURCES += tools/jobctl/list.c
jobctl_SOURCES += tools/jobctl/show.c
jobctl_SOURCES += tools/jobctl/change.c
jobctl_SOURCES += tools/jobctl/machines.c
jobctl_SOURCES += tools/jobctl/explain.c
jobctl_SOURCES += tools/jobctl/events.c
jobctl_SOURCES += tools/jobctl/watch.c
jobctl_SOURCES += tools/jobctl/bars.c tools/jobctl/bars.h
jobctl_SOURCES += tools/jobctl/ingest.c
jobctl_SOURCES += tools/jobctl/intake.c tools/jobctl/intake.h
jobctl_LDADD = $(LDADD) $(SMARTCOLS_LIBS)
