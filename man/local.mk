dist_man_MANS += man/pxekit-db.5
dist_man_MANS += man/pxekit.conf.5
dist_man_MANS += man/tftpd-lite.8
dist_man_MANS += man/pxeproxy.8
dist_man_MANS += man/jobctl.1
dist_man_MANS += man/pxekit-events.5
dist_man_MANS += man/bootweb.8
dist_man_MANS += man/mkdeployenv.1 man/mkrootfs.1 man/samba-share.1
dist_man_MANS += man/pxekit.7 man/pxekit-tentacle.7 man/pxekit-windows.7
dist_man_MANS += man/ipxegen.1
dist_man_MANS += man/pxekit-templates.5
dist_man_MANS += man/pxeprobe.1
dist_man_MANS += man/imgctl.1
if HAVE_MEDIA
dist_man_MANS += man/wimprep.1
endif
