# A verb is a file here and a row of verbs[] in wimprep.c.
if HAVE_MEDIA
bin_PROGRAMS += wimprep
wimprep_SOURCES = tools/wimprep/wimprep.c tools/wimprep/wimprep.h
wimprep_SOURCES += tools/wimprep/build.c tools/wimprep/build.h tools/wimprep/build_run.c
wimprep_SOURCES += tools/wimprep/diff.c
wimprep_SOURCES += tools/wimprep/inspect.c tools/wimprep/inspect.h
wimprep_SOURCES += tools/wimprep/launch.c
wimprep_SOURCES += tools/wimprep/lay.c tools/wimprep/lay.h
wimprep_SOURCES += tools/wimprep/manifest.c tools/wimprep/manifest.h
wimprep_SOURCES += tools/wimprep/pack.c tools/wimprep/pack.h
wimprep_SOURCES += tools/wimprep/payload.c tools/wimprep/payload.h
wimprep_SOURCES += tools/wimprep/payload_curl.c tools/wimprep/payload_curl.h
wimprep_SOURCES += tools/wimprep/payload_dlls.c tools/wimprep/payload_dlls.h
wimprep_SOURCES += tools/wimprep/payload_drivers.c tools/wimprep/payload_drivers.h
wimprep_SOURCES += tools/wimprep/place.c tools/wimprep/place.h tools/wimprep/publish.c
wimprep_SOURCES += tools/wimprep/ready.c tools/wimprep/ready.h
wimprep_SOURCES += tools/wimprep/record.c tools/wimprep/record.h
wimprep_SOURCES += tools/wimprep/staged.c tools/wimprep/staged.h
wimprep_SOURCES += tools/wimprep/version.c tools/wimprep/version.h
wimprep_SOURCES += tools/wimprep/json.c tools/wimprep/json.h
wimprep_SOURCES += tools/wimprep/drivers.c tools/wimprep/drivers.h
wimprep_SOURCES += tools/wimprep/drivers_list.c tools/wimprep/drivers_show.c
wimprep_SOURCES += tools/wimprep/verify.c tools/wimprep/verify.h
wimprep_SOURCES += tools/wimprep/verify_drivers.c tools/wimprep/verify_scripts.c
wimprep_SOURCES += tools/wimprep/verify_wim.c
if HAVE_HIVEX
wimprep_SOURCES += tools/wimprep/netboot.c
endif
wimprep_templatesdir = $(pkgdatadir)/templates/wimprep
dist_wimprep_templates_DATA = tools/wimprep/templates/startnet.cmd \
	tools/wimprep/templates/winpeshl.ini
wimprep_LDADD = $(LDADD) $(MEDIA_LIBS) $(HIVEX_LIBS)
endif
