# A verb is a file here and a row of verbs[] in imgctl.c.
if HAVE_MEDIA
bin_PROGRAMS += imgctl
imgctl_SOURCES = tools/imgctl/imgctl.c tools/imgctl/imgctl.h
imgctl_SOURCES += tools/imgctl/editions.c
imgctl_LDADD = $(LDADD) $(SMARTCOLS_LIBS) $(MEDIA_LIBS)
endif
