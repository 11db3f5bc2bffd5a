sbin_PROGRAMS += bootweb
bootweb_SOURCES = tools/bootweb/bootweb.c
bootweb_SOURCES += tools/bootweb/answer.c
bootweb_SOURCES += tools/bootweb/aside.c tools/bootweb/aside.h
bootweb_SOURCES += tools/bootweb/boot.c
bootweb_SOURCES += tools/bootweb/boot_face.c tools/bootweb/boot_face.h
bootweb_SOURCES += tools/bootweb/conns.c tools/bootweb/conns.h
bootweb_SOURCES += tools/bootweb/disks.c
bootweb_SOURCES += tools/bootweb/events.c tools/bootweb/events.h
bootweb_SOURCES += tools/bootweb/files.c
bootweb_SOURCES += tools/bootweb/health.c tools/bootweb/health.h
bootweb_SOURCES += tools/bootweb/job.c tools/bootweb/job_token.h
bootweb_SOURCES += tools/bootweb/listen.c
bootweb_SOURCES += tools/bootweb/memo.c tools/bootweb/memo.h
bootweb_SOURCES += tools/bootweb/peer.c tools/bootweb/peer.h
bootweb_SOURCES += tools/bootweb/proof.c tools/bootweb/proof.h
bootweb_SOURCES += tools/bootweb/recall.c
bootweb_SOURCES += tools/bootweb/release.c tools/bootweb/release.h
bootweb_SOURCES += tools/bootweb/site.c tools/bootweb/site.h
bootweb_SOURCES += tools/bootweb/web.c tools/bootweb/web.h
bootweb_SOURCES += tools/bootweb/admin_door.c
bootweb_SOURCES += tools/bootweb/admin_face.c tools/bootweb/admin_face.h
bootweb_SOURCES += tools/bootweb/admin_json.c tools/bootweb/admin_json.h
bootweb_SOURCES += tools/bootweb/vendor.c tools/bootweb/vendor.h
bootweb_SOURCES += tools/bootweb/page.c tools/bootweb/page.h
bootweb_SOURCES += tools/bootweb/page_choices.c tools/bootweb/page_choices.h
bootweb_SOURCES += tools/bootweb/page_audit.c
bootweb_SOURCES += tools/bootweb/page_devices.c
bootweb_SOURCES += tools/bootweb/page_edit.c
bootweb_SOURCES += tools/bootweb/page_file.c
bootweb_SOURCES += tools/bootweb/page_form.c tools/bootweb/page_form.h
bootweb_SOURCES += tools/bootweb/page_form_post.c
bootweb_SOURCES += tools/bootweb/page_images.c tools/bootweb/api_current.c
bootweb_SOURCES += tools/bootweb/current.c tools/bootweb/current.h
bootweb_SOURCES += tools/bootweb/page_job.c tools/bootweb/page_job.h
bootweb_SOURCES += tools/bootweb/page_jobs.c
bootweb_SOURCES += tools/bootweb/page_machines.c
bootweb_SOURCES += tools/bootweb/page_move.c
bootweb_SOURCES += tools/bootweb/page_networks.c
bootweb_SOURCES += tools/bootweb/page_new.c
bootweb_SOURCES += tools/bootweb/page_record.c tools/bootweb/page_record.h
bootweb_SOURCES += tools/bootweb/page_stats.c
bootweb_SOURCES += tools/bootweb/page_timeline.c
bootweb_SOURCES += tools/bootweb/page_value.c
bootweb_SOURCES += tools/bootweb/admin_login.c
bootweb_SOURCES += tools/bootweb/admin_throttle.c tools/bootweb/admin_throttle.h
bootweb_SOURCES += tools/bootweb/admin_health.c
bootweb_SOURCES += tools/bootweb/register.c
bootweb_SOURCES += tools/bootweb/api.h tools/bootweb/api_me.c tools/bootweb/api_part.c tools/bootweb/api_routes.c
bootweb_SOURCES += tools/bootweb/api_jobs.c tools/bootweb/api_order.c tools/bootweb/api_machines.c tools/bootweb/api_site.c
bootweb_SOURCES += tools/bootweb/api_event.h tools/bootweb/api_events.c tools/bootweb/api_stream.c
bootweb_SOURCES += tools/bootweb/api_twice.c tools/bootweb/api_twice.h
bootweb_SOURCES += tools/bootweb/api_installs.c tools/bootweb/api_figures.c
bootweb_SOURCES += tools/bootweb/api_import.c tools/bootweb/api_upkeep.c tools/bootweb/api_wake.c
bootweb_SOURCES += tools/bootweb/api_export.c tools/bootweb/api_backup.c tools/bootweb/spool.c tools/bootweb/spool.h
bootweb_SOURCES += tools/bootweb/api_metrics.c tools/bootweb/api_openapi.c
bootweb_LDADD = $(LDADD) $(MICROHTTPD_LIBS)

# What the dashboard's pages load.
wwwdir = $(pkgdatadir)/www
dist_www_DATA = \
	tools/bootweb/www/app.css \
	tools/bootweb/www/app.js \
	tools/bootweb/www/audit.html \
	tools/bootweb/www/components.json \
	tools/bootweb/www/devices.html \
	tools/bootweb/www/file.html \
	tools/bootweb/www/foot.html \
	tools/bootweb/www/head.html \
	tools/bootweb/www/icon.svg \
	tools/bootweb/www/images.html \
	tools/bootweb/www/job-form.html \
	tools/bootweb/www/job.html \
	tools/bootweb/www/jobs.html \
	tools/bootweb/www/machine.html \
	tools/bootweb/www/networks.html \
	tools/bootweb/www/machines.html \
	tools/bootweb/www/made.html \
	tools/bootweb/www/sign-in.html \
	tools/bootweb/www/stats.html \
	tools/bootweb/www/message.html
