# Made from .in files, so that the paths are those of configure.
if HAVE_SYSTEMD
systemdsystemunit_DATA = units/pxekit-events.socket units/pxekit-ingest.service \
	units/pxeproxy.service units/tftpd-lite.socket units/tftpd-lite.service \
	units/bootweb.socket units/bootweb.service units/bootweb-admin.socket \
	units/bootweb-admin.service units/wimprep-rebuild.service \
	units/wimprep-rebuild.timer units/pxekit-sweep.service units/pxekit-sweep.timer \
	units/pxekit-hooks.service
sysusersdir = $(prefix)/lib/sysusers.d
tmpfilesdir = $(prefix)/lib/tmpfiles.d
nodist_sysusers_DATA = units/sysusers.d/pxekit.conf
nodist_tmpfiles_DATA = units/tmpfiles.d/pxekit.conf
dist_check_SCRIPTS += tests/integration/units.sh
endif
EXTRA_DIST += units/pxekit-events.socket.in units/pxekit-ingest.service.in \
	units/pxeproxy.service.in units/tftpd-lite.socket.in units/tftpd-lite.service.in \
	units/bootweb.socket.in units/bootweb.service.in units/bootweb-admin.socket.in \
	units/bootweb-admin.service.in units/wimprep-rebuild.service.in \
	units/wimprep-rebuild.timer.in units/pxekit-sweep.service.in \
	units/pxekit-sweep.timer.in units/pxekit-hooks.service.in units/sysusers.conf.in \
	units/tmpfiles.conf.in tests/integration/units.sh
CLEANFILES += $(systemdsystemunit_DATA) $(nodist_sysusers_DATA) $(nodist_tmpfiles_DATA)

fill_in = $(MKDIR_P) $(@D) && $(SED) -e 's|@bindir[@]|$(bindir)|g' \
	-e 's|@sbindir[@]|$(sbindir)|g' -e 's|@confdir[@]|$(sysconfdir)/pxekit|g' \
	-e 's|@pkgdatadir[@]|$(pkgdatadir)|g' \
	-e 's|@statedir[@]|$(localstatedir)/lib/pxekit|g'

$(systemdsystemunit_DATA): Makefile
	$(AM_V_GEN)$(fill_in) $(srcdir)/$@.in >$@
units/pxekit-events.socket: units/pxekit-events.socket.in
units/pxekit-ingest.service: units/pxekit-ingest.service.in
units/pxeproxy.service: units/pxeproxy.service.in
units/tftpd-lite.socket: units/tftpd-lite.socket.in
units/tftpd-lite.service: units/tftpd-lite.service.in
units/bootweb-admin.socket: units/bootweb-admin.socket.in
units/bootweb-admin.service: units/bootweb-admin.service.in
units/bootweb.socket: units/bootweb.socket.in
units/bootweb.service: units/bootweb.service.in
units/wimprep-rebuild.service: units/wimprep-rebuild.service.in
units/wimprep-rebuild.timer: units/wimprep-rebuild.timer.in
units/pxekit-sweep.service: units/pxekit-sweep.service.in
units/pxekit-hooks.service: units/pxekit-hooks.service.in
units/pxekit-sweep.timer: units/pxekit-sweep.timer.in
units/sysusers.d/pxekit.conf: units/sysusers.conf.in Makefile
	$(AM_V_GEN)$(fill_in) $(srcdir)/units/sysusers.conf.in >$@
units/tmpfiles.d/pxekit.conf: units/tmpfiles.conf.in Makefile
	$(AM_V_GEN)$(fill_in) $(srcdir)/units/tmpfiles.conf.in >$@
