EXTRA_DIST += scripts/in-netns scripts/packages scripts/packages-bench
dist_pkgdata_SCRIPTS += scripts/mkdeployenv scripts/mkrootfs scripts/fetch-ipxe
dist_man_MANS += man/fetch-ipxe.1
dist_pkgdata_SCRIPTS += scripts/wimprep-rebuild
dist_pkgdata_SCRIPTS += scripts/samba-share

# mkdeployenv finds them beside itself.
deployenvdir = $(pkgdatadir)/deployenv
dist_deployenv_DATA = scripts/deployenv/configure.sh scripts/deployenv/devices.sh \
	scripts/deployenv/disks.sh scripts/deployenv/fetch.sh scripts/deployenv/init \
	scripts/deployenv/lib.sh scripts/deployenv/loader.sh scripts/deployenv/network.sh \
	scripts/deployenv/partition.sh \
	scripts/deployenv/run scripts/deployenv/udhcpc

# The lab of the demo and of the end-to-end tests.
EXTRA_DIST += scripts/lab/net scripts/lab/vm
EXTRA_DIST += scripts/in-netns
EXTRA_DIST += scripts/build scripts/check scripts/demo scripts/install-packages
EXTRA_DIST += scripts/lab/phases scripts/lab/prepare scripts/lab/site
EXTRA_DIST += scripts/lint .clang-tidy .shellcheckrc tests/.clang-tidy
