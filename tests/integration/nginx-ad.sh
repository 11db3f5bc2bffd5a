#!/bin/sh
# examples/nginx-ldap.conf and examples/ldap-auth before an Active Directory: Samba's
# domain controller, with accounts and groups as such directories have them.
# Rows: S4-10 S4-11
# shellcheck disable=SC2119
set -u
[ "${INSIDE:-}" ] || exec env INSIDE=yes "${srcdir:-.}/scripts/in-netns" "$0"
. "${srcdir:-.}/tests/sh.inc"
. "$srcdir/tests/integration/jobctl.inc"
. "$srcdir/tests/integration/bootweb.inc"
. "$srcdir/tests/integration/bootweb-admin.inc"
. "$srcdir/tests/integration/ldap.inc"
ldap_needs samba samba-tool iconv
[ -d /usr/share/samba/setup ] || skip 'no samba-ad-provision'
# The files of a domain belong to many, whom only root can be.
case $(cat /proc/self/uid_map) in
*' 0 '*' 0 '*4294967295) ;;
*) skip 'it wants to be root' ;;
esac
ip link set lo up
ip addr add 10.77.0.2/24 dev lo
ip addr add 10.77.0.3/24 dev lo

# ---- a domain ----

ad=$tmp/ad
mkdir -p "$ad/private/tls" "$ad/state" "$ad/cache" "$ad/lock" "$ad/run" "$ad/bind" "$ad/log"
cat >"$ad/smb.conf" <<END
[global]
	netbios name = DC1
	realm = CORP.EXAMPLE
	workgroup = CORP
	server role = active directory domain controller
	server services = ldap
	dcerpc endpoint servers = remote
	interfaces = 10.77.0.3/24
	bind interfaces only = yes
	private dir = $ad/private
	state directory = $ad/state
	cache directory = $ad/cache
	lock directory = $ad/lock
	pid directory = $ad/run
	binddns dir = $ad/bind
	ncalrpc dir = $ad/ncalrpc
	log file = $ad/log/samba
	usershare max shares = 0
	# Not every file system has attributes for it.
	vfs objects = dfs_samba4 acl_xattr xattr_tdb
	xattr_tdb:file = $ad/xattr.tdb
[sysvol]
	path = $ad/state/sysvol
[netlogon]
	path = $ad/state/sysvol/corp.example/scripts
END
samba-tool domain provision -s "$ad/smb.conf" --realm=CORP.EXAMPLE --domain=CORP --host-name=dc1 \
	--host-ip=10.77.0.3 --adminpass=First-secret-1 --dns-backend=NONE >"$ad/provision" 2>&1 ||
	sed 's/^/# /' "$ad/provision"
same 'there is a domain' 'DOMAIN SID' "$(grep -o 'DOMAIN SID' "$ad/provision")"
(
	cd "$ad/private/tls" || exit
	for ca in ca other; do
		openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$ca" -keyout $ca.key -out "$tmp/$ca.pem"
	done
	openssl req -newkey rsa:2048 -nodes -subj /CN=dc1.corp.example -keyout key.pem -out csr.pem
	echo 'subjectAltName=IP:10.77.0.3,DNS:dc1.corp.example' >names
	openssl x509 -req -in csr.pem -CA "$tmp/ca.pem" -CAkey ca.key -CAcreateserial -days 2 -extfile names -out cert.pem
	openssl dhparam -dsaparam -out dh.pem 2048 # else Samba makes them itself, and takes long
	chmod 600 key.pem
	cp "$tmp/ca.pem" .
) 2>/dev/null
samba -s "$ad/smb.conf" -i -M single --debug-stdout >"$ad/samba.out" 2>&1 &
dc=$!
administrator() { # PROGRAM [option...]
	program=$1
	shift
	LDAPTLS_CACERT=$tmp/ca.pem $program -x -H ldaps://10.77.0.3 -D administrator@corp.example -w First-secret-1 "$@"
}
until_true administrator ldapsearch -s base -b '' || {
	sed 's/^/# /' "$ad/samba.out"
	echo 'Bail out! the domain does not answer'
	exit 99
}

base=DC=corp,DC=example
utf16() {
	printf '"%s"' "$1" | iconv -f UTF-8 -t UTF-16LE | base64 -w 0
}
person() { # RDN-IN-BASE64 NAME PASSWORD FLAGS [MORE]: in OU=People
	dn=$(printf 'CN=%s,OU=People,%s' "$1" $base | base64 -w 0)
	printf 'dn:: %s\nobjectClass: user\nsAMAccountName:: %s\nuserPrincipalName:: %s\nuserAccountControl: %s\nunicodePwd:: %s\n%b\n' \
		"$dn" "$(printf %s "$2" | base64)" "$(printf %s@corp.example "$2" | base64)" "$4" "$(utf16 "$3")" "${5:-}"
}
group() { # NAME MEMBER-RDN...
	printf 'dn:: %s\nobjectClass: group\n' "$(printf 'CN=%s,OU=Groups,%s' "$1" $base | base64 -w 0)"
	shift
	for member; do
		printf 'member:: %s\n' "$(printf 'CN=%s,%s' "$member" $base | base64 -w 0)"
	done
	echo
}
odd='Jürgen Möller\, Jr. (Ops) *Test* \\ \#1'
odd_password='Größe: 7 %*()\"$x'
{
	for ou in People Groups Services; do
		printf 'dn: OU=%s,%s\nobjectClass: organizationalUnit\n\n' $ou $base
	done
	printf 'dn: CN=pxekit,OU=Services,%s\nobjectClass: user\nsAMAccountName: pxekit\nuserAccountControl: 66048\nunicodePwd:: %s\n\n' \
		$base "$(utf16 Looker-secret-1)"
	person 'Otto Maier' Otto 'Long: secret-1' 512
	person Vera vera 'Veras-secret-1' 512
	person Carl carl 'Carls-secret-1' 512
	person "$odd" möller "$odd_password" 512
	person Disa disa 'Disas-secret-1' 514
	person Eddy eddy 'Eddys-secret-1' 512 'accountExpires: 1\n'
	person Pete pete 'Petes-secret-1' 512 'pwdLastSet: 0\n'
	person Lona lona 'Lonas-secret-1' 512
	person Many many 'Manys-secret-1' 512
	group 'Night Shift' 'Otto Maier,OU=People' "$odd,OU=People"
	group Helpdesk 'Night Shift,OU=Groups'
	group 'PXE Operators' 'Helpdesk,OU=Groups'
	group 'PXE Viewers' 'Vera,OU=People'
	group 'Prüfer (intern) *' "$odd,OU=People"
	group 'Ops\, all' 'Carl,OU=People'
	group 'ZZ Last' 'Many,OU=People'
	for i in $(seq 70); do
		group "Department of Everything that Nobody Else Wants to Do $i" 'Many,OU=People'
	done
} >"$tmp/ldif"
run administrator ldapadd -f "$tmp/ldif"
same 'it has people and groups' 0 "$code"
[ "$code" = 0 ] || tail -n 5 "$tmp/err"

# ---- a site, and a front server for it ----

cat >"$tmp/people" <<END
role operator { groups = { "PXE Operators" } }
role viewer { groups = { "PXE Viewers", "ZZ Last" } }
role auditor { groups = { "Prüfer (intern) *", "Ops", "all" } }
role admin { users = { "root", "nobody" } }
END
printf Looker-secret-1 >"$tmp/looker"
chmod 644 "$tmp/looker" "$tmp"/*.pem
settings() { # [LINE]...
	cat >"$tmp/ldap-auth.conf" <<END
LDAP_URI=ldaps://10.77.0.3
LDAP_CA=$tmp/ca.pem
LDAP_USERS=DC=corp,DC=example
LDAP_USER=sAMAccountName
LDAP_UPN=userPrincipalName
LDAP_DOMAIN=CORP
LDAP_GROUPS=OU=Groups,DC=corp,DC=example
LDAP_MEMBER=member:1.2.840.113556.1.4.1941:
LDAP_BIND=CN=pxekit,OU=Services,DC=corp,DC=example
LDAP_BIND_FILE=$tmp/looker
END
	[ $# = 0 ] || printf '%s\n' "$@" >>"$tmp/ldap-auth.conf"
}
settings
ldap_site "$tmp/people"
pids="$pids $dc"

# ---- who is who ----

run me otto 'Long: secret-1'
is 0 "200
('Otto', ['view', 'queue'])" ''
for name in Otto otto@corp.example OTTO@CORP.EXAMPLE 'CORP\otto' 'corp\OTTO'; do
	run me "$name" 'Long: secret-1'
	is 0 "200
('Otto', ['view', 'queue'])" ''
done
run me vera Veras-secret-1
is 0 "200
('vera', ['view'])" ''
run me möller "$odd_password"
is 0 "200
('möller', ['view', 'queue', 'audit'])" ''
run me 'CORP\MÖLLER' "$odd_password"
is 0 "200
('möller', ['view', 'queue', 'audit'])" ''
run me many Manys-secret-1
is 0 "200
('many', ['view'])" ''

# ---- who is in no group ----

run me carl Carls-secret-1
is 0 "200
('carl', [])" ''
run ask / -u carl:Carls-secret-1
is 0 403 ''
run grep -c 'this wants the right to view; carl may: nothing' "$tmp/body"
is 0 1 ''

# ---- who is not let in ----

while read -r wrong; do
	run ask /api/v1/me -u "$wrong"
	is 0 401 ''
done <<'END'
otto:Long: secret-2
otto:long: secret-1
otto:
nobody-at-all:Long: secret-1
:Long: secret-1
*:Veras-secret-1
ver*:Veras-secret-1
v\65ra:Veras-secret-1
CORP\*:Veras-secret-1
CORP\:Veras-secret-1
OTHER\otto:Long: secret-1
\otto:Long: secret-1
CORP\CORP\otto:Long: secret-1
otto@other.example:Long: secret-1
*@corp.example:Veras-secret-1
vera)(objectClass=*:Veras-secret-1
*)(sAMAccountName=vera:Veras-secret-1
vera,OU=People:Veras-secret-1
CN=Vera,OU=People,DC=corp,DC=example:Veras-secret-1
PXE Viewers:Veras-secret-1
DC1$:Veras-secret-1
END
for refused in 'disa:the account is disabled' 'eddy:the account has expired' 'pete:the password must be changed first'; do
	name=${refused%%:*}
	case $name in
	disa) secret=Disas-secret-1 ;;
	eddy) secret=Eddys-secret-1 ;;
	*) secret=Petes-secret-1 ;;
	esac
	run ask /api/v1/me -u "$name:$secret"
	is 0 401 ''
	same "the log says why $name is refused" 1 "$(ldap_said "$name is refused: ${refused#*:}")"
done
printf 'dn: %s\nchangetype: modify\nreplace: lockoutThreshold\nlockoutThreshold: 3\n' $base | administrator ldapmodify >/dev/null
for try in 1 2 3; do
	run ask /api/v1/me -u "lona:guess $try"
	is 0 401 ''
done
run ask /api/v1/me -u lona:Lonas-secret-1
is 0 401 ''
same 'the log says why lona is refused' 1 "$(ldap_said 'lona is refused: the account is locked')"

# ---- the way there ----

settings LDAP_URI=ldap://10.77.0.3 LDAP_STARTTLS=yes
run me vera Veras-secret-1
is 0 "200
('vera', ['view'])" ''
for bad in LDAP_URI=ldap://10.77.0.3 "LDAP_CA=$tmp/other.pem" LDAP_URI=ldaps://10.77.0.2 \
	"LDAP_URI=ldap://10.77.0.3 LDAP_STARTTLS=yes LDAP_CA=$tmp/other.pem"; do
	# shellcheck disable=SC2086
	settings $bad
	run ask /api/v1/me -u vera:Veras-secret-1
	is 0 500 ''
done
same 'each time the log says so' 4 "$(ldap_said 'no answer about vera')"
settings "LDAP_URI='ldaps://10.77.0.2 ldaps://10.77.0.3'"
run me vera Veras-secret-1
is 0 "200
('vera', ['view'])" ''
run grep -c 'secret\|guess' "$tmp/nginx.err" "$tmp/ldap.err" "$site/messages" "$site/events"
is 1 "$tmp/nginx.err:0
$tmp/ldap.err:0
$site/messages:0
$site/events:0" ''
site_end
