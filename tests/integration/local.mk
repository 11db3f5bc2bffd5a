dist_check_SCRIPTS += tests/integration/netns.sh
check_PROGRAMS += tests/integration/dhcpsend
check_PROGRAMS += tests/integration/conf_check
dist_check_SCRIPTS += tests/integration/examples.sh
EXTRA_DIST += tests/integration/jobctl.inc
dist_check_SCRIPTS += tests/integration/jobctl-add.sh
dist_check_SCRIPTS += tests/integration/jobctl-crowd.sh
dist_check_SCRIPTS += tests/integration/jobctl-edit.sh
dist_check_SCRIPTS += tests/integration/jobctl-import.sh
dist_check_SCRIPTS += tests/integration/jobctl-ingest.sh
dist_check_SCRIPTS += tests/integration/jobctl-kill.sh
dist_check_SCRIPTS += tests/integration/jobctl-secret.sh
dist_check_SCRIPTS += tests/integration/jobctl-platform.sh
dist_check_SCRIPTS += tests/integration/samba-share.sh
check_PROGRAMS += tests/integration/tftp_client
dist_check_SCRIPTS += tests/integration/tftpd-lite.sh
EXTRA_DIST += tests/integration/tftpd-lite.inc
dist_check_SCRIPTS += tests/integration/tftpd-lite-names.sh
dist_check_SCRIPTS += tests/integration/tftpd-lite-limits.sh
dist_check_SCRIPTS += tests/integration/tftpd-lite-site.sh
dist_check_SCRIPTS += tests/integration/tftpd-lite-chroot.sh
dist_check_SCRIPTS += tests/integration/tftpd-lite-forged.sh
dist_check_SCRIPTS += tests/integration/tftpd-lite-ways.sh
EXTRA_DIST += tests/integration/bootweb.inc
dist_check_SCRIPTS += tests/integration/bootweb.sh
EXTRA_DIST += tests/integration/bootweb-admin.inc
dist_check_SCRIPTS += tests/integration/bootweb-admin.sh
dist_check_SCRIPTS += tests/integration/bootweb-register.sh
EXTRA_DIST += tests/integration/dashboard.inc tests/integration/dashboard.py
EXTRA_DIST += tests/integration/dashboard-pages.py tests/integration/dashboard-browser.py
EXTRA_DIST += tests/integration/webdriver.py
dist_check_SCRIPTS += tests/integration/dashboard-browser.sh
dist_check_SCRIPTS += tests/integration/dashboard-pages.sh
dist_check_SCRIPTS += tests/integration/jobctl-people.sh
EXTRA_DIST += tests/integration/bootweb_admin_api.py
dist_check_SCRIPTS += tests/integration/bootweb-admin-api.sh
EXTRA_DIST += tests/integration/bootweb_abuse.py
dist_check_SCRIPTS += tests/integration/bootweb-abuse.sh
dist_check_SCRIPTS += tests/integration/bootweb-recall.sh
dist_check_SCRIPTS += tests/integration/bootweb-release.sh
dist_check_SCRIPTS += tests/integration/deployenv.sh
EXTRA_DIST += tests/integration/pxeproxy.inc
dist_check_SCRIPTS += tests/integration/pxeproxy.sh
dist_check_SCRIPTS += tests/integration/pxeproxy-beside.sh
check_PROGRAMS += tests/integration/render_probe
EXTRA_DIST += tests/integration/render_judge.py
dist_check_SCRIPTS += tests/integration/render-cmd.sh
dist_check_SCRIPTS += tests/integration/render-ipxe.sh
dist_check_SCRIPTS += tests/integration/render-values.sh
dist_check_SCRIPTS += tests/integration/bootweb-files.sh
dist_check_SCRIPTS += tests/integration/bootweb-load.sh
dist_check_SCRIPTS += tests/integration/jobctl-moves.sh
dist_check_SCRIPTS += tests/integration/jobctl-next.sh
dist_check_SCRIPTS += tests/integration/sites.sh
dist_check_SCRIPTS += tests/integration/check-site.sh
dist_check_SCRIPTS += tests/integration/boot-crowd.sh
dist_check_SCRIPTS += tests/integration/boot-nat.sh
dist_check_SCRIPTS += tests/integration/pxeproxy-next.sh
dist_check_SCRIPTS += tests/integration/pxeproxy-default-job.sh
dist_check_SCRIPTS += tests/integration/jobctl-sweep.sh
dist_check_SCRIPTS += tests/integration/jobctl-powercut.sh
dist_check_SCRIPTS += tests/integration/jobctl-full.sh
dist_check_SCRIPTS += tests/integration/jobctl-stats.sh
dist_check_SCRIPTS += tests/integration/jobctl-audit.sh
dist_check_SCRIPTS += tests/integration/jobctl-systems.sh
dist_check_SCRIPTS += tests/integration/jobctl-backup.sh
dist_check_SCRIPTS += tests/integration/jobctl-hooks.sh
dist_check_SCRIPTS += tests/integration/jobctl-verbs.sh
dist_check_SCRIPTS += tests/integration/jobctl-watch.sh
dist_check_SCRIPTS += tests/integration/jobctl-wake.sh
dist_check_SCRIPTS += tests/integration/pxeproxy-cli.sh
dist_check_SCRIPTS += tests/integration/pxeproxy-ingest.sh
dist_check_SCRIPTS += tests/integration/ipxegen.sh
EXTRA_DIST += tests/integration/static_server.py
dist_check_SCRIPTS += tests/integration/ipxegen-menu.sh
dist_check_SCRIPTS += tests/integration/ipxegen-boot.sh
check_PROGRAMS += tests/integration/tftp_torture
tests_integration_tftp_torture_SOURCES = \
	tests/integration/tftp_torture.c tests/integration/tftp_torture.h \
	tests/integration/tftp_torture_changes.c \
	tests/integration/tftp_torture_late.c \
	tests/integration/tftp_torture_plays.c \
	tests/integration/tftp_torture_rows.c \
	tests/integration/tftp_torture_whole.c
dist_check_SCRIPTS += tests/integration/tftpd-lite-torture.sh
check_PROGRAMS += tests/integration/handover
dist_check_SCRIPTS += tests/integration/man.sh
dist_check_SCRIPTS += tests/integration/pxeproxy-routes.sh
EXTRA_DIST += tests/integration/pxeprobe.inc
dist_check_SCRIPTS += tests/integration/pxeprobe.sh
dist_check_SCRIPTS += tests/integration/pxeprobe-faults.sh
dist_check_SCRIPTS += tests/integration/pxeprobe-faults-rare.sh
EXTRA_DIST += tests/integration/dhcp_liar.py
dist_check_SCRIPTS += tests/integration/pxeprobe-load.sh
dist_check_SCRIPTS += tests/integration/pxeproxy-dhcp.sh
dist_check_SCRIPTS += tests/integration/pxeproxy-soak.sh
dist_check_SCRIPTS += tests/integration/dnsmasq.sh
dist_check_SCRIPTS += tests/integration/nginx.sh
dist_check_SCRIPTS += tests/integration/pxeproxy-quirks.sh
dist_check_SCRIPTS += tests/integration/pxeproxy-segments.sh
EXTRA_DIST += tests/integration/wimprep.inc
if HAVE_MEDIA
dist_check_SCRIPTS += tests/integration/wimprep-build.sh
dist_check_SCRIPTS += tests/integration/wimprep-diff.sh
dist_check_SCRIPTS += tests/integration/wimprep-curl.sh
dist_check_SCRIPTS += tests/integration/wimprep-startnet.sh
dist_check_SCRIPTS += tests/integration/wimprep-image.sh
dist_check_SCRIPTS += tests/integration/wimprep-verify.sh
dist_check_SCRIPTS += tests/integration/wimprep-rebuild.sh
if HAVE_HIVEX
dist_check_SCRIPTS += tests/integration/wimprep-netboot.sh
endif
dist_check_SCRIPTS += tests/integration/wimprep-ready.sh
endif
# imgctl
if HAVE_MEDIA
dist_check_SCRIPTS += tests/integration/imgctl-catalogue.sh
EXTRA_DIST += tests/integration/media.inc tests/integration/msdisc.py
EXTRA_DIST += tests/integration/udf_ladder.py
dist_check_SCRIPTS += tests/integration/imgctl-import.sh
dist_check_SCRIPTS += tests/integration/imgctl-loader.sh
dist_check_SCRIPTS += tests/integration/imgctl-kill.sh
endif
EXTRA_DIST += tests/integration/drivers.inc
dist_check_SCRIPTS += tests/integration/wimprep-drivers.sh
dist_check_SCRIPTS += tests/integration/wimprep-inf.sh
EXTRA_DIST += tests/integration/inf-files.tsv
check_PROGRAMS += tests/integration/tftp_relay
check_PROGRAMS += tests/integration/stall_fs
dist_check_SCRIPTS += tests/integration/tftpd-lite-stall.sh
dist_check_SCRIPTS += tests/integration/tftpd-lite-network.sh
EXTRA_DIST += tests/integration/windows_answers.py
dist_check_SCRIPTS += tests/integration/windows-answers.sh
EXTRA_DIST += tests/integration/windows.inc tests/integration/winstub.c
dist_check_SCRIPTS += tests/integration/windows-install.sh
dist_check_SCRIPTS += tests/integration/windows-faults.sh tests/integration/windows-ways.sh
dist_check_SCRIPTS += tests/integration/windows-netboot.sh
dist_check_SCRIPTS += tests/integration/windows-firstboot.sh
