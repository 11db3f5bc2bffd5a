# A verb is a file here and a row of verbs[] in imgctl.c.
if HAVE_MEDIA
bin_PROGRAMS += imgctl
imgctl_SOURCES = tools/imgctl/imgctl.c tools/imgctl/imgctl.h
imgctl_SOURCES += tools/imgctl/editions.c
imgctl_SOURCES += tools/imgctl/overview.c tools/imgctl/overview.h
imgctl_SOURCES += tools/imgctl/jobs.c tools/imgctl/jobs.h
imgctl_SOURCES += tools/imgctl/list.c
imgctl_SOURCES += tools/imgctl/show.c
imgctl_SOURCES += tools/imgctl/verify.c
imgctl_SOURCES += tools/imgctl/current.c
imgctl_SOURCES += tools/imgctl/remove.c
imgctl_SOURCES += tools/imgctl/menu.c
imgctl_SOURCES += tools/imgctl/import.c
imgctl_SOURCES += tools/imgctl/progress.c tools/imgctl/progress.h
imgctl_SOURCES += tools/imgctl/drift.c
imgctl_SOURCES += tools/imgctl/loader.c
imgctl_SOURCES += tools/imgctl/loaders.c tools/imgctl/loaders.h
imgctl_SOURCES += tools/imgctl/loader_add.c
imgctl_SOURCES += tools/imgctl/loader_check.c
imgctl_SOURCES += tools/imgctl/loader_want.c
imgctl_SOURCES += tools/imgctl/pull.c tools/imgctl/pull.h tools/imgctl/pull_version.c
imgctl_SOURCES += tools/imgctl/fetch.c tools/imgctl/fetch.h
imgctl_SOURCES += tools/imgctl/prune.c tools/imgctl/prune_choose.c tools/imgctl/prune.h
imgctl_LDADD = $(LDADD) $(CURL_LIBS) $(SMARTCOLS_LIBS) $(MEDIA_LIBS)
endif
