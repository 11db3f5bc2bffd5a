sbin_PROGRAMS += bootweb
bootweb_SOURCES = tools/bootweb/bootweb.c
bootweb_SOURCES += tools/bootweb/answer.c
bootweb_SOURCES += tools/bootweb/boot.c
bootweb_SOURCES += tools/bootweb/boot_face.c tools/bootweb/boot_face.h
bootweb_SOURCES += tools/bootweb/conns.c tools/bootweb/conns.h
bootweb_SOURCES += tools/bootweb/disks.c
bootweb_SOURCES += tools/bootweb/events.c tools/bootweb/events.h
bootweb_SOURCES += tools/bootweb/files.c
bootweb_SOURCES += tools/bootweb/health.c
bootweb_SOURCES += tools/bootweb/job.c tools/bootweb/job_token.h
bootweb_SOURCES += tools/bootweb/listen.c
bootweb_SOURCES += tools/bootweb/peer.c tools/bootweb/peer.h
bootweb_SOURCES += tools/bootweb/release.c tools/bootweb/release.h
bootweb_SOURCES += tools/bootweb/site.c tools/bootweb/site.h
bootweb_SOURCES += tools/bootweb/web.c tools/bootweb/web.h
bootweb_SOURCES += tools/bootweb/admin_door.c
bootweb_SOURCES += tools/bootweb/admin_face.c tools/bootweb/admin_face.h
bootweb_SOURCES += tools/bootweb/admin_json.c tools/bootweb/admin_json.h
bootweb_SOURCES += tools/bootweb/api_me.c
bootweb_LDADD = $(LDADD) $(MICROHTTPD_LIBS)

# What the dashboard's pages load.
wwwdir = $(pkgdatadir)/www
dist_www_DATA = tools/bootweb/www/icon.svg
