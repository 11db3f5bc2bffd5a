# A verb is a file here and a row of verbs[] in wimprep.c.
if HAVE_MEDIA
bin_PROGRAMS += wimprep
wimprep_SOURCES = tools/wimprep/wimprep.c tools/wimprep/wimprep.h
wimprep_LDADD = $(LDADD) $(MEDIA_LIBS)
wimprep_SOURCES += tools/wimprep/diff.c
wimprep_SOURCES += tools/wimprep/json.c tools/wimprep/json.h
wimprep_SOURCES += tools/wimprep/drivers.c tools/wimprep/drivers.h
wimprep_SOURCES += tools/wimprep/drivers_list.c tools/wimprep/drivers_show.c
endif
