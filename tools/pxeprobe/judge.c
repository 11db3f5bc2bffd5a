#include "config.h"

#include "tools/pxeprobe/judge.h"

#include "tools/pxeprobe/checks.h"

const struct fault judge_faults[] = {
	{ "wrong-interface", LEVEL_FAULT,
	  "This interface is no Ethernet; name the one that the machines' network is on.",
	  check_wrong_interface },
	{ "interface-down", LEVEL_FAULT,
	  "The interface is switched off; ip link set it up, or name another one.",
	  check_interface_down },
	{ "no-carrier", LEVEL_FAULT,
	  "The interface has no link; look at the cable, the switch port and its VLAN.",
	  check_no_carrier },
	{ "no-answer", LEVEL_FAULT,
	  "Nobody answered: check that this is the machines' network, that DHCP runs "
	  "there, and that no firewall drops UDP 67 and 68. A server on this very host "
	  "cannot be heard from here.",
	  check_no_answer },
	{ "no-dhcp", LEVEL_FAULT,
	  "No DHCP server offers an address, and without one no machine boots: start it, "
	  "or look at its pool and its relay.",
	  check_no_dhcp },
	{ "no-proxy", LEVEL_FAULT,
	  "Addresses are offered, but nobody names a boot file to this client: start "
	  "pxeproxy, or see why it is silent with jobctl explain. It answers only "
	  "machines that it knows; --mac plays one of them.",
	  check_no_proxy },
	{ "dhcp-says-pxeclient", LEVEL_FAULT,
	  "This DHCP server sends option 60 = PXEClient itself, so that clients never "
	  "listen to a proxy. No proxy can repair that: remove option 60 there, or run "
	  "pxeproxy on that host.",
	  check_dhcp_says_pxeclient },
	{ "pxe-options-from-dhcp", LEVEL_FAULT,
	  "This DHCP server names a boot file of its own beside the proxy, and some "
	  "clients follow it: remove options 66 and 67 (next-server, filename) there.",
	  check_pxe_options_from_dhcp },
	{ "two-proxies", LEVEL_FAULT,
	  "Several ProxyDHCP servers answer, and the faster one wins each time: stop all "
	  "but one.",
	  check_two_proxies },
	{ "two-dhcp", LEVEL_FAULT,
	  "Several DHCP servers offer addresses: stop the one that should not, unless "
	  "they are set up to share the pool.",
	  check_two_dhcp },
	{ "other-subnet", LEVEL_FAULT,
	  "An answer belongs to another subnet than this interface: a network leaks into "
	  "this one (NAT, a wrong VM network or VLAN), or the interface is the wrong "
	  "one.",
	  check_other_subnet },
	{ "broken-answer", LEVEL_FAULT,
	  "A server sends packets that clients drop: see what it is and fix or stop it.",
	  check_broken_answer },
	{ "unheard-offer", LEVEL_FAULT,
	  "UEFI does not hear this offer: it must come from port 67 and hold option 54.",
	  check_unheard_offer },
	{ "4011-silent", LEVEL_FAULT,
	  "The offer sends the client to UDP port 4011, where nobody answers: start the "
	  "service there, or open the port in the firewall.",
	  check_4011_silent },
	{ "no-file", LEVEL_FAULT,
	  "A server answers for network boot but names no file: give this architecture a "
	  "loader.",
	  check_no_file },
	{ "wrong-protocol", LEVEL_FAULT,
	  "PXE firmware fetches by TFTP and takes a URL for the name of a file; HTTP "
	  "Boot "
	  "takes nothing but a URL. Give URLs to iPXE and HTTP Boot alone.",
	  check_wrong_protocol },
	{ "next-server-unreachable", LEVEL_FAULT,
	  "The server that is to have the loader does not answer: check the address of "
	  "the next server, that it runs, and its firewall (UDP 69 and above 1023).",
	  check_next_server },
	{ "file-missing", LEVEL_FAULT,
	  "The server has no such file: put it there, or correct its name.",
	  check_file_missing },
	{ "file-refused", LEVEL_FAULT,
	  "The server does not give the file: look at its rights and the server's log.",
	  check_file_refused },
	{ "transfer-cut", LEVEL_FAULT,
	  "A transfer began and did not end: look for packet loss, a small MTU, or a "
	  "firewall that does not follow TFTP.",
	  check_transfer_cut },
	{ "loader-loop", LEVEL_FAULT,
	  "iPXE is given the loader again and would load itself for ever: make the "
	  "server tell iPXE (user class, option 175) the address of a script.",
	  check_loader_loop },
	{ "no-script", LEVEL_FAULT,
	  "The firmware gets a loader, but iPXE then gets no script: configure what iPXE "
	  "(user class, option 175) is told.",
	  check_no_script },
	{ "script-missing", LEVEL_FAULT,
	  "The web server has no such script: correct the address, or let the service "
	  "know this machine.",
	  check_script_missing },
	{ "script-unreachable", LEVEL_FAULT,
	  "The server of the script does not answer: check its address, that it runs, "
	  "and its firewall.",
	  check_script_unreachable },
	{ "script-refused", LEVEL_FAULT,
	  "The server refuses the script: its log says why.", check_script_refused },
	{ "not-a-script", LEVEL_FAULT,
	  "What iPXE is given does not begin with #!ipxe, and is no program either.",
	  check_not_a_script },
	{ "file-unreachable", LEVEL_FAULT,
	  "A file that the script loads is on a server that does not answer.",
	  check_file_unreachable },
	{ "checksum-wrong", LEVEL_FAULT,
	  "A file is not what its manifest says: it is damaged or half copied. Copy it "
	  "again, or publish a new version.",
	  check_checksum_wrong },
	{ "slow-answer", LEVEL_SLOW,
	  "An answer took longer than it should: firmware gives up after a few seconds. "
	  "Look at the server's load and at delays of switch ports (spanning tree).",
	  check_slow_answer },
	{ "slow-file", LEVEL_SLOW,
	  "A file came slowly: look at the link, and give TFTP larger blocks and "
	  "windows.",
	  check_slow_file },
	{ "local-boot", LEVEL_NOTE,
	  "The machine is told to boot from its own disk: it has no job.",
	  check_local_boot },
	{ "not-served", LEVEL_NOTE, "For these architectures nobody has a loader.",
	  check_not_served },
	{ "no-address", LEVEL_NOTE,
	  "The interface has no IPv4 address, so no file was fetched.",
	  check_no_address },
	{ "no-manifest", LEVEL_NOTE, "The files of this image could not be compared.",
	  check_no_manifest },
	{ "not-looked-at", LEVEL_NOTE, "This is neither TFTP nor HTTP.",
	  check_not_looked_at },
	{ NULL, LEVEL_NOTE, NULL, NULL },
};

size_t judge(const struct facts *f, struct finding out[static JUDGE_FINDINGS])
{
	size_t count = 0;

	for (const struct fault *fault = judge_faults;
	     fault->name && count < JUDGE_FINDINGS; fault++) {
		out[count] = (struct finding){ .fault = fault };
		if (fault->check(f, &out[count].detail))
			count++;
	}
	return count;
}

enum level judge_level(const struct finding finding[], size_t count)
{
	enum level worst = LEVEL_NOTE;

	for (size_t i = 0; i < count; i++)
		if (finding[i].fault->level < worst)
			worst = finding[i].fault->level;
	return worst;
}
