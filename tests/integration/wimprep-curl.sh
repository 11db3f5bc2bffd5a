#!/bin/sh
# wimprep build brings the DLLs that curl.exe wants and Windows PE lacks; real programs,
# made by mingw: curl.exe wants second.dll, that wants third.dll, delay-loaded ones count.
# Rows: S0-44
set -u
. "${srcdir:-.}/tests/sh.inc"
. "${srcdir:-.}/tests/integration/wimprep.inc"
site
cd "$tmp" || exit 99
mingw=x86_64-w64-mingw32-gcc
command -v $mingw >/dev/null || {
	[ -z "${CI-}" ] || exit 99
	skip 'there is no mingw'
}

printf '__declspec(dllexport) int third(void) { return 3; }\n' >third.c
printf '__declspec(dllimport) int third(void);\n__declspec(dllexport) int second(void) { return third(); }\n' >second.c
printf '__declspec(dllimport) int second(void);\nint main(void) { return second(); }\n' >curl.c
$mingw -shared -o third.dll third.c && $mingw -shared -o second.dll second.c third.dll &&
	$mingw -o curl.exe curl.c second.dll || exit 99

# What Windows PE has of what mingw's programs want.
media boot.wim
for dll in kernel32.dll msvcrt.dll; do
	: >pe/Windows/System32/$dll
	: >setup/Windows/System32/$dll
done
wimlib-imagex capture pe base.wim pe >/dev/null 2>&1 &&
	wimlib-imagex append setup base.wim setup --boot >/dev/null 2>&1 || exit 99
describe base.wim 1 26100
describe base.wim 2 26100
mkdir media && cp base.wim media/boot.wim
cp curl.exe pe/Windows/System32/curl.exe
cp second.dll pe/Windows/System32/SECOND.DLL
cp third.dll pe/Windows/System32/
wimlib-imagex capture pe media/install.wim edition1 --compress=none >/dev/null 2>&1
describe media/install.wim 1 26100 9 Server

brought() { # wim: the DLLs in it that are whole, and the marker's word
	for dll in second third; do
		content "$1" 2 /Windows/System32/$dll.dll >got && cmp -s got $dll.dll && echo $dll
	done
	content "$1" 2 /pxekit/wimprep.txt | grep '^# dll'
}
run wimprep build media/boot.wim
is 0 'media/boot.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: none' ''
run brought media/boot.wim
is 0 'second
third
# dll: second.dll
# dll: third.dll' ''
run wimprep build media/boot.wim
is 0 'media/boot.wim: unchanged' ''

# A given one has them beside it, in whatever letters.
mkdir beside && cp curl.exe third.dll beside/ && cp second.dll beside/Second.DLL
run wimprep build --curl=beside/curl.exe -o o.wim base.wim
is 0 'o.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: none' ''
run brought o.wim
is 0 'second
third
# dll: second.dll
# dll: third.dll' ''
rm beside/third.dll
run wimprep build --curl=beside/curl.exe -o o.wim base.wim
is 0 'o.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: none' \
	'wimprep: base.wim: has no third.dll, which curl.exe wants, and beside/curl.exe has none to bring'
head -c 2000 second.dll >beside/Second.DLL
run wimprep build --curl=beside/curl.exe -o p.wim base.wim
is 3 '' 'wimprep: beside/curl.exe: its second.dll is damaged: the list of what it loads leads nowhere'
run test -e p.wim
is 1 '' ''

# One that Windows PE has already is left alone.
cp base.wim had.wim
wimlib-imagex update had.wim 2 --command='add pe/Windows/System32/kernel32.dll /Windows/System32/Second.dll' >/dev/null 2>&1
run wimprep build --curl=curl.exe -o o.wim had.wim
is 0 'o.wim: prepared: image 2, build 26100, amd64, 2k25; drivers: none' ''
run brought o.wim
is 1 '' ''

end
