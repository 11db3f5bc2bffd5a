# make check parses every one of them: tests/integration/examples.sh
exampledir = $(docdir)/examples
dist_example_DATA = examples/pxekit.conf examples/inetd.conf \
	examples/dnsmasq-66-67.conf examples/firewall.nft \
	examples/dhcpd-66-67.conf examples/kea-66-67.json \
	examples/dnsmasq-dhcp.conf examples/dnsmasq-instead-of-pxeproxy.conf
dist_example_DATA += examples/smb.conf
dist_example_DATA += examples/nginx-tentacle.conf examples/nginx-centre.conf
dist_example_DATA += examples/hosts.csv
dist_example_DATA += examples/nginx.conf examples/nginx-ldap.conf
dist_example_DATA += examples/alerts.yml examples/grafana-dashboard.json
dist_example_DATA += examples/wimprep-rebuild.conf examples/wimprep-rebuild.cron
dist_example_SCRIPTS = examples/with-events examples/check-site examples/try-boot \
	examples/new-vm examples/ldap-auth
hookexampledir = $(exampledir)/hooks.d
dist_hookexample_SCRIPTS = examples/hooks.d/mail examples/hooks.d/webhook \
	examples/hooks.d/salt-key examples/hooks.d/power-virsh examples/hooks.d/power-ipmi \
	examples/hooks.d/power-redfish examples/hooks.d/wake-on-lan \
	examples/hooks.d/pre-install-window
